"""Computes an outcome from a timeline alone."""

from collections.abc import Sequence

from msgspec.structs import asdict

from ..kinds import EventKind
from ..timeline.records import Event, PhaseEvent
from ..timeline.sample import Refusal, Sample
from ..timeline.tally import INTENTIONS
from ..timeline.timeline import Timeline
from . import schedule
from .ending import began_tick, events_of, observe_ending
from .outcome import Bound, By, CellEnding, CellMemory, CellOutcome, Loss, Recovery, Which
from .witness import observe_witness

_TESTED, _WITNESS = 0, 1
_ONE_MESSAGE = 1


def observe(timeline: Timeline) -> CellOutcome:
    """The outcome of a complete cell: connection 0 is the client under test, 1 the witness."""
    samples = timeline.samples[_TESTED]
    events = events_of(timeline, _TESTED)
    ending = observe_ending(events)
    limits = timeline.header is not None and timeline.header.policy_limits
    recovery = _recovery(samples, events)
    keeps_up = recovery is Recovery.DID_NOT_SLEEP
    return CellOutcome(
        opened=any(sample.open for sample in samples),
        memory=_memory(samples, ending, limits=limits, keeps_up=keeps_up),
        loss=_loss(samples),
        others=observe_witness(timeline.samples[_WITNESS]),
        ending=ending,
        recovery=recovery,
        story=_story(timeline),
    )


def _memory(samples: Sequence[Sample], ending: CellEnding, *, limits: bool, keeps_up: bool) -> CellMemory:
    messages = max(sample.queue_messages for sample in samples)
    waited = any(sample.producer_waits for sample in samples)
    if waited or samples[-1].dropped_messages or ending.by is By.POLICY:
        bound = Bound.LIMITED
    elif messages <= _ONE_MESSAGE:
        bound = Bound.EMPTY
    elif ending.by not in (By.NOBODY, By.SERVER):
        bound = Bound.UNTIL_END
    elif keeps_up and _caught_up(samples):
        bound = Bound.CLIENT
    else:
        bound = Bound.WITHIN if limits else Bound.NOTHING
    return CellMemory(
        bound=bound,
        queue_bytes_max=max(sample.queue_bytes for sample in samples),
        queue_messages_max=messages,
        kernels_full=any(sample.refusal is not Refusal.NONE for sample in samples),
        producer_waited=waited,
    )


def _caught_up(samples: Sequence[Sample]) -> bool:
    late = (one for one in samples if schedule.WAKE_TICK <= one.tick < schedule.CLOSE_TICK)
    return any(one.queue_bytes == 0 for one in late)


def _loss(samples: Sequence[Sample]) -> Loss:
    last = samples[-1]
    before = next((one for one in reversed(samples) if one.tick < schedule.CLOSE_TICK), last)
    refused = last.dropped_messages - last.evicted_messages
    match (last.evicted_messages > 0, refused > 0):
        case (False, False):
            which = Which.NONE
        case (True, False):
            which = Which.EVICTED
        case (False, True):
            which = Which.REJECTED
        case _:
            which = Which.BOTH
    return Loss(
        which=which,
        dropped_messages=last.dropped_messages,
        evicted_messages=last.evicted_messages,
        missing_messages=last.missing_messages,
        read_messages=last.read_messages,
        produced_messages=last.produced_messages,
        discarded_bytes=last.discarded_bytes,
        waiting_bytes=_waiting(before),
    )


def _recovery(samples: Sequence[Sample], events: Sequence[Event]) -> Recovery:
    began = began_tick(events)
    if not any(event.kind in INTENTIONS for event in events):
        return Recovery.DID_NOT_SLEEP
    woke = next((one.tick for one in events if one.kind is EventKind.WAKES and one.tick >= began), None)
    ended = next((one.tick for one in events if one.kind is EventKind.ENDED), schedule.TICKS)
    if woke is None:
        return Recovery.NEVER_WOKE
    if ended <= woke:
        return Recovery.ENDED_BEFORE
    empty = any(not _waiting(sample) for sample in samples if woke <= sample.tick < ended)
    return Recovery.YES if empty else Recovery.NO


def _waiting(now: Sample) -> int:
    return now.queue_bytes + now.outq_bytes + now.rcvq_bytes + now.held_bytes


def _story(timeline: Timeline) -> list[str]:
    lines = []
    for one in timeline.about(_TESTED):
        if one.tick < schedule.TICKS:
            name = one.phase.value if isinstance(one, PhaseEvent) else one.kind.value
            detail = "" if isinstance(one, PhaseEvent) else _detail(one)
            lines.append(f"{one.tick * schedule.TICK_S:.2f} s {name}{detail}")
    return lines


def _detail(event: Event) -> str:
    words = [f"{key}={value}" for key, value in asdict(event.what).items() if value not in ("", None)]
    return f" ({', '.join(words)})" if words else ""
