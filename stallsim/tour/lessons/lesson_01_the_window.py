"""The window: the room that a receiver advertises."""

from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import connection_of, samples_of


class TheWindow(Lesson):
    """The window at the first message, from the sender's own TCP_INFO."""

    title = "What a window is"
    idea = (
        "Each end of a TCP connection advertises how many bytes it has room for: this number is "
        "the window, and every segment carries it (RFC 9293, 3.8.6). A sender may have no more "
        "bytes in flight than the window allows. The room is in the kernel, in the socket's "
        "receive buffer, and a program sets its size with SO_RCVBUF. Linux doubles the requested "
        "size, because it charges the memory that segments take and not only their payload "
        "(tcp(7))."
    )
    question = Question(
        text="A client asks for a receive buffer of 64 KiB (65,536 bytes) and connects. Which window "
        "does its kernel advertise, in bytes, when the first message arrives?",
        unit=Unit.BYTES,
        example="64KiB",
    )
    run = Run(profile="stop-reading", settings=("ticks=60",))
    look = "The middle column is the window. While the client reads, it stays wide open."
    why = (
        "The buffer is 131,072 bytes of memory. Linux does not offer all of it as the window: a "
        "part is reserved for the memory that segments need beyond their payload, and the window "
        "starts below its largest value and grows while the client reads fast. So the window is "
        "neither the requested size nor the size of the buffer."
    )
    knob = Knob(
        text="Ask for a quarter of the buffer: the window follows.",
        run=Run(profile="stop-reading", settings=("ticks=60", "clients.hung.rcvbuf=16KiB")),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        first = samples_of(timeline, "hung")[0]
        largest = max(one.snd_wnd_bytes for one in samples_of(timeline, "hung"))
        return Measurement(
            value=first.snd_wnd_bytes,
            words=f"tcpi_snd_wnd at the server, at the first message; later it was {largest:,} bytes "
            "at most.",
        )

    def model(self, timeline: Timeline) -> Model:
        buffer = connection_of(timeline, "hung").rcvbuf_bytes_effective
        return Model(
            value=buffer / 2,
            formula=f"half of the effective buffer of {buffer:,} bytes: the requested size, before "
            "doubling",
        )
