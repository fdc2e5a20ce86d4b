"""The window is shut, and the server still writes: its own kernel takes the bytes."""

from ...kinds import Phase
from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import connection_of, sample_at


class TheSendBuffer(Lesson):
    """SIOCOUTQ at the first write that was refused."""

    title = "The send buffer fills"
    idea = (
        "What the server writes goes into its kernel's send buffer first. Bytes leave the buffer "
        "when they are acknowledged. With a window of 0 no byte leaves, but each write still "
        "succeeds at once, so the program does not notice the stall. SO_SNDBUF sets the size of "
        "the buffer, and Linux doubles it (socket(7))."
    )
    question = Question(
        text="The server asked for a send buffer of 128 KiB (131,072 bytes). The window is 0. After "
        "how many queued bytes does the kernel refuse a write?",
        unit=Unit.BYTES,
        example="128KiB",
    )
    run = Run(profile="stop-reading", settings=("ticks=120",))
    look = (
        "From tick 39 on the fourth column grows by one message a tick, until the kernel accepts no more."
    )
    why = (
        "The kernel doubled the requested size, and it checks the limit before it accepts bytes: "
        "as long as less than the limit is charged, it accepts a whole piece more. So a little "
        "more than twice the requested size fits."
    )
    knob = Knob(
        text="Ask for 32 KiB, a quarter: the kernel refuses earlier, but not four times as early.",
        run=Run(profile="stop-reading", settings=("ticks=120", "server.sndbuf=32KiB")),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        blocked = sample_at(timeline, "hung", Phase.WRITE_BLOCKED)
        return Measurement(
            value=blocked.outq_bytes,
            words=f"SIOCOUTQ at the server at tick {blocked.tick}, when send first answered EAGAIN.",
        )

    def model(self, timeline: Timeline) -> Model:
        buffer = connection_of(timeline, "hung").sndbuf_bytes_effective
        return Model(value=buffer, formula=f"the effective send buffer, {buffer:,} bytes")
