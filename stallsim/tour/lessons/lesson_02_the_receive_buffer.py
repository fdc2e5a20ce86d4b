"""The client stops reading: how many bytes its kernel still takes."""

from ...kinds import Phase
from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import sample_at, samples_of


class TheReceiveBuffer(Lesson):
    """The largest receive queue (SIOCINQ) of a client that has stopped reading."""

    title = "The receive buffer fills"
    idea = (
        "A program that no longer calls recv is still connected. Its kernel continues to receive "
        "and to acknowledge. An acknowledgement means that the kernel has the bytes, not that the "
        "program has read them (RFC 9293, 3.4). So at first the server sees no difference at all."
    )
    question = Question(
        text="The client stops reading at tick 20. Its window is 109,080 bytes then. How many unread bytes "
        "will its kernel hold at most?",
        unit=Unit.BYTES,
        example="109080",
    )
    run = Run(profile="stop-reading", settings=("ticks=60",))
    look = (
        "The second column grows from tick 20 on, and the window shrinks. The server's columns stay empty."
    )
    why = (
        "The window is what the kernel offers, not all that it has. If unread bytes wait in full "
        "segments, they need less memory for each byte than the kernel had assumed, so it can "
        "offer more while the buffer fills. In the end the memory limits the bytes, and the "
        "window is 0."
    )
    knob = Knob(
        text="Small messages need more memory for each byte: the same buffer holds fewer bytes.",
        run=Run(profile="stop-reading", settings=("ticks=300", "stream.frame=600")),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        most = max(one.rcvq_bytes for one in samples_of(timeline, "hung"))
        return Measurement(value=most, words="SIOCINQ at the client, the largest of all samples.")

    def model(self, timeline: Timeline) -> Model:
        window = sample_at(timeline, "hung", Phase.RECEIVER_FILLING).snd_wnd_bytes
        return Model(value=window, formula=f"the window when the client stopped, {window:,} bytes")
