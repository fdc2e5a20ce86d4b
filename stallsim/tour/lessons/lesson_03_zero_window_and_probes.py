"""The window is shut: the sender's kernel probes it, with longer and longer waits."""

from collections.abc import Sequence
from itertools import pairwise

from ...timeline.sample import Sample
from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import samples_of

_SETTINGS = ("pace=realtime", "stack.private=true")


class ZeroWindowAndProbes(Lesson):
    """The times at which tcpi_backoff grew while the window was shut, on the wall clock."""

    title = "Zero window, and its probes"
    idea = (
        "With a window of 0 the sender must not send. If the segment that opens the window again "
        "were lost, both ends would wait for ever. So the sender sends zero-window probes, and "
        "waits twice as long before each next probe (RFC 9293, 3.8.6.1). The client's kernel "
        "answers, though not every probe: Linux answers at most one in half a second "
        "(tcp_invalid_ratelimit). That is why a stalled connection never ends by itself."
    )
    question = Question(
        text="The server's kernel sends its first probe about 0.2 s after the window has shut, and "
        "doubles the wait before each next probe. How much later than the first probe is the "
        "third probe sent?",
        unit=Unit.SECONDS,
        example="400ms",
    )
    run = Run(profile="stop-reading", settings=("ticks=700", *_SETTINGS))
    look = (
        "This run is in realtime, since the kernel's own clock decides when a probe is sent. The "
        "window is 0 and stays 0."
    )
    why = (
        "The waits are about 0.2, 0.4, 0.8, 1.6 s and so on, up to two minutes: the retransmission "
        "timeout, doubled for each probe (Linux: tcp_probe0_when). From the first probe to the third "
        "is the sum of two waits."
    )
    knob = Knob(
        text="Run for longer: the fifth probe is sent seconds later, and the connection stays open.",
        run=Run(profile="stop-reading", settings=("ticks=1400", *_SETTINGS)),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        tick_s = timeline.scenario.tick_s
        probes = [one.tick * tick_s for one in _probes(samples_of(timeline, "hung"))]
        if len(probes) < 3:
            raise LookupError(f"only {len(probes)} probes were seen")
        seen = ", ".join(f"{one:.2f}" for one in probes)
        return Measurement(
            value=probes[2] - probes[0],
            words=f"tcpi_backoff at the server grew at {seen} s of the run; a sample is taken every "
            f"{tick_s * 1000:g} ms.",
        )

    def model(self, timeline: Timeline) -> Model:
        del timeline
        return Model(value=0.4 + 0.8, formula="0.4 s + 0.8 s, the second wait and the third")


def _probes(samples: Sequence[Sample]) -> list[Sample]:
    return [now for before, now in pairwise(samples) if now.backoff > before.backoff]
