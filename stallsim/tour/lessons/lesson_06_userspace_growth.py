"""The point from which the server's own memory grows, and why the kernel cannot help."""

from ...kinds import Phase
from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import sample_at, samples_of


class UserspaceGrowth(Lesson):
    """The application queue at the end of the run."""

    title = "Where userspace growth begins"
    idea = (
        "What happens to a message that the kernel did not accept? Many libraries keep it in a "
        "list and try again later. The next message is put behind it. The kernel has refused the "
        "write, and its part ends here: the list is in the memory of the program, and only the "
        "program can limit it."
    )
    question = Question(
        text="A message of 6,680 bytes is produced every tick. From tick 79 on the kernel accepts "
        "none. How many bytes wait in the server's own memory at the last tick, 199?",
        unit=Unit.BYTES,
        example="266500",
    )
    run = Run(profile="stop-reading")
    look = "The last column grows by one message each tick, as long as the run lasts."
    why = (
        "Nothing empties the queue, so it grows at the rate of the stream, for this one client that reads "
        "nothing. At this rate, 1.3 MB/s, it is 115 GB in a day."
    )
    knob = Knob(
        text=(
            "Give the server a limit of 256 KiB, and let it disconnect a client whose queue would "
            "exceed it."
        ),
        run=Run(
            profile="stop-reading",
            settings=("server.policy=disconnect", "server.disconnect.limit-bytes=256KiB"),
        ),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        most = max(samples_of(timeline, "hung"), key=lambda one: one.queue_bytes)
        return Measurement(
            value=most.queue_bytes,
            words=f"counted: {most.queue_messages} messages in the application queue at tick {most.tick}, "
            "the most in the run.",
        )

    def model(self, timeline: Timeline) -> Model:
        blocked = sample_at(timeline, "hung", Phase.WRITE_BLOCKED)
        ticks = timeline.last_tick - blocked.tick
        frame = timeline.scenario.stream.frame
        return Model(value=ticks * frame, formula=f"{ticks} ticks x {frame:,} bytes")
