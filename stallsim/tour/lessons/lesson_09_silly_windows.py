"""A slow reader frees a few bytes at a time, but the window does not open byte by byte."""

from itertools import pairwise

from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import connection_of, samples_of


class SillyWindows(Lesson):
    """The fewest bytes that came at once after the window had shut."""

    title = "Silly windows, and how they are avoided"
    idea = (
        "A client that reads slowly frees its buffer little by little. If its kernel offered each "
        "freed byte at once, the server would send segments of one byte: forty bytes of header "
        "for one byte of payload. This is the silly window syndrome. A receiver avoids it: it "
        "keeps the window at 0 until there is room for a full segment, or for half of its buffer "
        "(RFC 9293, 3.8.6.2.2)."
    )
    question = Question(
        text="This client reads a thousand bytes a tick, its segments are 4,096 bytes, and its window "
        "has shut. When the window opens again, how many bytes arrive at once, at least?",
        unit=Unit.BYTES,
        example="1000",
    )
    run = Run(profile="slow-reader")
    look = (
        "The window stays at 0 for many ticks while the client reads, then opens at once, and shuts again."
    )
    why = (
        "The kernel waits until whole segments fit. Linux also keeps unread bytes in one piece of "
        "memory, which is free only when its last byte has been read; so several segments fit at "
        "once."
    )
    knob = Knob(
        text="Let the client read at a tenth of the rate: the window opens less often, and never for less.",
        run=Run(profile="slow-reader", settings=("ticks=1500", "clients.slow.rate=20kB/s")),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        samples = samples_of(timeline, "slow")
        shut = next((place for place, one in enumerate(samples) if one.window_shut), len(samples))
        taken = [now.received_bytes - before.received_bytes for before, now in pairwise(samples[shut:])]
        openings = [size for size in taken if size]
        if not openings:
            raise LookupError("the window did not open again in this run")
        return Measurement(
            value=min(openings),
            words="tcpi_bytes_received at the client: after the window had shut, it opened "
            f"{len(openings)} times, and {min(openings):,} to {max(openings):,} bytes arrived at "
            "once.",
        )

    def model(self, timeline: Timeline) -> Model:
        segment = connection_of(timeline, "slow").snd_mss_bytes
        return Model(value=segment, formula=f"one full segment of {segment:,} bytes")
