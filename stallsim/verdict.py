"""How a run ended: the profile's expectations, and what no run may break whatever it expects.

A verdict is made from a timeline alone, so a replayed recording is judged like the run itself.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import pairwise

from msgspec import Struct

from .errors import ExitCode
from .scenario import Expectation, Metric
from .timeline import ConnectionInfo, Event, EventKind, PhaseEvent, Sample, Timeline
from .units import format_count

_INTENTIONS = (EventKind.SLEEPS, EventKind.STOPS_READING, EventKind.VANISHES)


class Outcome(Enum):
    """The run's outcome; a missing capability is neither a pass nor a failure."""

    PASS = "pass"
    FAIL = "fail"
    UNSUPPORTED = "unsupported"


class Verdict(Struct, frozen=True, kw_only=True):
    """The outcome, why, and, apart from that, what became of the server's memory."""

    outcome: Outcome
    reasons: list[str]
    memory: str
    memory_bounded: bool | None
    """None where nothing put it to the test."""

    def exit_code(self, strict: bool = False) -> ExitCode:
        """What the command returns; ``strict`` makes UNSUPPORTED an error of the environment."""
        match self.outcome:
            case Outcome.PASS:
                return ExitCode.PASS
            case Outcome.FAIL:
                return ExitCode.FAIL
            case Outcome.UNSUPPORTED:
                return ExitCode.ENVIRONMENT if strict else ExitCode.PASS


def unsupported(reason: str) -> Verdict:
    """The verdict of a run that could not begin."""
    return Verdict(
        outcome=Outcome.UNSUPPORTED, reasons=[reason], memory="not observed", memory_bounded=None
    )


def judge(timeline: Timeline) -> Verdict:
    """The verdict on a whole timeline."""
    faults = [*_interruption(timeline), *_unsound(timeline)]
    held: list[str] = []
    if not (timeline.end and timeline.end.interrupted):
        for expectation in timeline.scenario.expect:
            unmet = list(_unmet(expectation, timeline))
            faults += unmet
            held += [] if unmet else [describe(expectation)]
    bounded, memory = judge_memory(timeline)
    return Verdict(
        outcome=Outcome.FAIL if faults else Outcome.PASS,
        reasons=faults or held or ["the run was sound; the profile expects nothing more"],
        memory=memory,
        memory_bounded=bounded,
    )


def describe(expectation: Expectation) -> str:
    """One expectation in words."""
    who = expectation.client or "every client"
    parts = []
    if expectation.phases:
        parts.append(" > ".join(expectation.phases))
    if expectation.never:
        parts.append("never " + " or ".join(expectation.never))
    if expectation.metric is not None:
        parts.append(f"{expectation.metric.value} {_bounds(expectation)}")
    return f"{who}: {'; '.join(parts)}"


def metric(timeline: Timeline, connection: int, which: Metric) -> int:
    """A metric of one connection; 0 where it was never sampled."""
    series = timeline.samples[connection]
    name = which.value.replace("-", "_")
    for suffix, pick in (("_max", max), ("_end", _last)):
        if name.endswith(suffix):
            field = name.removesuffix(suffix)
            return pick((getattr(sample, field) for sample in series), default=0)
    return _last((getattr(sample, name) for sample in series), default=0)


def judge_memory(timeline: Timeline) -> tuple[bool | None, str]:
    """Whether the application queues had a bound, as far as this run could see it."""
    verdicts = [_judge_queue(info, timeline.samples[info.connection]) for info in timeline.connections]
    tested = [words for words in verdicts if words is not None]
    unbounded = [words for words, bounded in tested if not bounded]
    if unbounded:
        return False, f"not bounded: {'; '.join(unbounded)}"
    if tested:
        return True, f"bounded: {'; '.join(words for words, _ in tested)}"
    return None, "not tested: the kernels took every byte"


def _judge_queue(info: ConnectionInfo, series: list[Sample]) -> tuple[str, bool] | None:
    """A queue has no bound if it grew by every message that the blocked kernel refused."""
    peak = max(series, key=lambda sample: sample.queue_bytes, default=None)
    if peak is None or peak.queue_messages < 2:
        return None
    grew = [now for before, now in pairwise(series) if now.queue_bytes > before.queue_bytes]
    acted = peak.dropped_bytes or any(
        sample.producer_waits or sample.discarded_bytes or sample.dropped_bytes for sample in series
    )
    size = f"{info.client}'s queue reached {format_count(peak.queue_bytes)} bytes"
    if acted:
        return f"{size} and no more", True
    return f"{size} in {len(grew)} ticks of growth, and nothing in the server stopped it", False


def _interruption(timeline: Timeline) -> Iterator[str]:
    if timeline.end is None:
        yield f"the recording ends at tick {timeline.last_tick}, before the run did"
    elif timeline.end.interrupted:
        yield f"interrupted at tick {timeline.end.tick}"


def _unsound(timeline: Timeline) -> Iterator[str]:
    """What fails a run whatever its profile expects."""
    for series in timeline.samples:
        broken = [sample for sample in series if sample.settled and sample.unaccounted_bytes]
        if broken:
            first = broken[0]
            yield (
                f"internal error: bytes are not conserved: {first.unaccounted_bytes:+,} of "
                f"connection {first.connection} unaccounted for at tick {first.tick} "
                f"({len(broken)} samples)"
            )
    expected = {name for expectation in timeline.scenario.expect for name in expectation.phases}
    for happening in timeline.happenings:
        ceiling = EventKind.MEMORY_CEILING
        if isinstance(happening, Event) and happening.kind is ceiling and ceiling.value not in expected:
            queued = format_count(int(happening.detail["queue_bytes"]))
            yield f"memory ceiling: {queued} bytes in the application queues at tick {happening.tick}"
    for info in timeline.connections:
        if info.stalls and not (timeline.end and timeline.end.interrupted):
            yield from _unconfirmed(info, timeline)


def _unconfirmed(info: ConnectionInfo, timeline: Timeline) -> Iterator[str]:
    """A client that was to stall, and of which the kernel does not say so."""
    kinds = [event.kind for event in _events(timeline, info.connection)]
    if EventKind.STALLED in kinds:
        return
    if any(intention in kinds for intention in _INTENTIONS):
        series = timeline.samples[info.connection]
        unread = series[-1].rcvq_bytes if series else 0
        yield (
            f"the stall of {info.client} (connection {info.connection}) did not take: it stopped "
            f"reading, but the kernel saw no window shut, nothing unacknowledged and no unread "
            f"bytes grow ({format_count(unread)} unread at the end)"
        )
    else:
        yield f"{info.client} (connection {info.connection}) never began to stall"


def _events(timeline: Timeline, connection: int) -> Iterator[Event]:
    for happening in timeline.happenings:
        if isinstance(happening, Event) and happening.connection in (connection, None):
            yield happening


def _unmet(expectation: Expectation, timeline: Timeline) -> Iterator[str]:
    for info in timeline.connections:
        if expectation.client not in (None, info.client):
            continue
        who = f"{info.client} (connection {info.connection})"
        seen = list(_names(timeline, info.connection))
        rest = iter(seen)
        missing = next((name for name in expectation.phases if name not in rest), None)
        if missing is not None:
            wanted = " > ".join(expectation.phases)
            yield f"{who}: expected {missing} in its place in {wanted}; saw {' > '.join(seen)}"
        for name in expectation.never:
            if name in seen:
                yield f"{who}: {name} occurred and must not"
        if expectation.metric is not None:
            value = metric(timeline, info.connection, expectation.metric)
            if not _within(value, expectation):
                yield (
                    f"{who}: {expectation.metric.value} is {format_count(value)}, "
                    f"expected {_bounds(expectation)}"
                )


def _names(timeline: Timeline, connection: int) -> Iterator[str]:
    for happening in timeline.happenings:
        if isinstance(happening, PhaseEvent):
            if happening.connection == connection:
                yield happening.phase.value
        elif happening.connection in (connection, None):
            yield happening.kind.value


def _within(value: int, expectation: Expectation) -> bool:
    low, high, exact = expectation.min, expectation.max, expectation.equals
    return (
        (low is None or value >= low)
        and (high is None or value <= high)
        and (exact is None or value == exact)
    )


def _bounds(expectation: Expectation) -> str:
    named = (("at least", expectation.min), ("at most", expectation.max), ("=", expectation.equals))
    return " and ".join(f"{words} {format_count(bound)}" for words, bound in named if bound is not None)


def _last(values: Iterable[int], default: int) -> int:
    last = default
    for value in values:
        last = value
    return last
