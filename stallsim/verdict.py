"""How a run ended: the profile's expectations, and what no run may break whatever it expects.

A verdict is made from a timeline alone, so a replayed recording is judged like the run itself.
"""

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from .errors import ExitCode
from .expectations import describe, unmet_by
from .memory import judge_memory
from .records import ConnectionInfo, Event, EventKind, Stalls
from .timeline import Timeline
from .units import format_count

_INTENTIONS = (
    EventKind.SLEEPS,
    EventKind.STOPS_READING,
    EventKind.READS_SLOWLY,
    EventKind.VANISHES,
)
_TICKS_TO_CONFIRM = 2
"""A stall is confirmed by two samples in a row; who is cut off before them was not asked."""


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
            unmet = list(unmet_by(expectation, timeline))
            faults += unmet
            held += [] if unmet else [describe(expectation)]
    bounded, memory = judge_memory(timeline)
    return Verdict(
        outcome=Outcome.FAIL if faults else Outcome.PASS,
        reasons=faults or held or ["the run was sound; the profile expects nothing more"],
        memory=memory,
        memory_bounded=bounded,
    )


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
            queued = format_count(int(happening.detail.get("queue_bytes", 0)))
            yield f"memory ceiling: {queued} bytes in the application queues at tick {happening.tick}"
    for info in timeline.connections:
        if not (timeline.end and timeline.end.interrupted):
            yield from _unconfirmed(info, timeline)


def _unconfirmed(info: ConnectionInfo, timeline: Timeline) -> Iterator[str]:
    """A client that meant to stall, or had to, and of which the kernel does not say so."""
    kinds = [event.kind for event in _events(timeline, info.connection)]
    if _confirmed(kinds) or _cut_short(info, timeline):
        return
    if any(intention in kinds for intention in _INTENTIONS):
        series = timeline.samples[info.connection]
        unread = series[-1].rcvq_bytes if series else 0
        yield (
            f"the stall of {info.client} (connection {info.connection}) did not take: the kernel saw "
            f"no window shut, nothing unacknowledged and no unread bytes grow for two ticks before "
            f"it woke or the run ended ({format_count(unread)} unread at the end)"
        )
    elif info.stalls is Stalls.MUST:
        yield f"{info.client} (connection {info.connection}) never began to stall"


def _confirmed(kinds: list[EventKind]) -> bool:
    """Whether the kernel confirmed a stall while the client meant to stall."""
    means_to = False
    for kind in kinds:
        if kind is EventKind.STALLED and means_to:
            return True
        means_to = kind in _INTENTIONS or (means_to and kind is not EventKind.WAKES)
    return False


def _cut_short(info: ConnectionInfo, timeline: Timeline) -> bool:
    """Whether the connection ended, during the run, before the kernel was asked twice about a stall."""
    events = list(_events(timeline, info.connection))
    began = next((event.tick for event in events if event.kind in _INTENTIONS), None)
    ended = next((event.tick for event in events if event.kind is EventKind.ENDED), None)
    if began is None or ended is None or ended >= timeline.scenario.ticks:
        return False
    return ended - began < _TICKS_TO_CONFIRM


def _events(timeline: Timeline, connection: int) -> Iterator[Event]:
    for happening in timeline.about(connection):
        if isinstance(happening, Event):
            yield happening
