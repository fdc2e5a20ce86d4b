"""All parts together: how much a server sends to a sleeping tab before its own memory grows."""

from ...kinds import EventKind, Phase
from ...timeline.records import Event
from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import connection_of, sample_at, samples_of


class TheSleepingTab(Lesson):
    """Bytes from the freeze to the first refused write, and where they are."""

    title = "A browser's tab"
    idea = (
        "This lesson combines the others. A browser freezes a tab in the background. Between the "
        "page and the server's memory there are three buffers that fill first: the browser's pipe "
        "to the page, the client's kernel, and the server's kernel. Until all three are full, no "
        "program notices anything."
    )
    question = Question(
        text="The pipe holds 131,000 bytes of payload, the client's kernel about 128,000, the server's "
        "kernel about 266,000. How many bytes does the server send after the freeze, until its "
        "kernel first refuses a write?",
        unit=Unit.BYTES,
        example="131000",
    )
    run = Run(profile="sleeping-tab")
    look = "The columns fill from left to right, one after the other. When the tab wakes, they empty again."
    why = (
        "The answer is the sum of the three. With the defaults of Linux the sum is about four "
        "megabytes, because buffers grow by themselves: at one kilobyte a second more than an "
        "hour passes before the server's memory grows. That is why no short test finds this, and "
        "why it takes days in production."
    )
    knob = Knob(
        text="Wake as browsers do since version 149: nothing drains, and the tab sends Close and RST.",
        run=Run(profile="sleeping-tab", settings=("clients.sleeper.wake=close-1001",)),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        number = connection_of(timeline, "sleeper").connection
        asleep = next(
            one for one in timeline.about(number) if isinstance(one, Event) and one.kind is EventKind.SLEEPS
        )
        before = next(one for one in samples_of(timeline, "sleeper") if one.tick >= asleep.tick - 1)
        blocked = sample_at(timeline, "sleeper", Phase.WRITE_BLOCKED)
        return Measurement(
            value=blocked.accepted_bytes - before.accepted_bytes,
            words=f"counted: the bytes that the server's kernel accepted from tick {before.tick} to tick "
            f"{blocked.tick}. Then the pipe held {blocked.held_bytes:,}, the client's kernel "
            f"{blocked.rcvq_bytes:,} and the server's kernel {blocked.outq_bytes:,} bytes.",
        )

    def model(self, timeline: Timeline) -> Model:
        blocked = sample_at(timeline, "sleeper", Phase.WRITE_BLOCKED)
        parts = (131_000, blocked.rcvq_bytes, blocked.outq_bytes)
        return Model(value=sum(parts), formula=" + ".join(f"{one:,}" for one in parts))
