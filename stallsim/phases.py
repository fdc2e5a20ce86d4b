"""Finds the phases that the samples of a connection show.

The functions are pure: two consecutive samples of a connection show at most one new phase. A phase begins
only if they show it. So a phase that begins and ends within one tick is not reported. The diagram in
docs/phases.md is generated from ``TRANSITIONS``.

The queues fill from the client towards the server's memory, and each phase is named after the queue that
has just begun to fill. If two samples show several phases, the one with the queue that is nearest to the
server's memory begins. So the table lists the later phases first.
"""

from collections.abc import Callable
from typing import NamedTuple

from .kinds import Phase
from .timeline.sample import Refusal, Sample


class SamplePair(NamedTuple):
    """Two consecutive samples of one connection."""

    before: Sample
    now: Sample

    def grew(self, field: str) -> bool:
        """Whether a count is larger than at the sample before."""
        larger: bool = getattr(self.now, field) > getattr(self.before, field)
        return larger


class Transition(NamedTuple):
    """A transition from any of ``sources`` to ``target`` if ``shows`` holds; ``words`` explain it."""

    sources: frozenset[Phase]
    target: Phase
    shows: Callable[[SamplePair], bool]
    words: str


def _policy_acted(step: SamplePair) -> bool:
    waits = step.now.producer_waits and not step.before.producer_waits
    return waits or step.grew("dropped_bytes")


def _queue_grows(step: SamplePair) -> bool:
    return step.now.refusal is not Refusal.NONE and step.grew("queue_bytes")


def _write_refused(step: SamplePair) -> bool:
    return step.now.refusal is not Refusal.NONE and step.now.queue_bytes > 0


def _nothing_acknowledged(step: SamplePair) -> bool:
    nothing = not step.grew("acked_bytes") and not step.grew("received_bytes")
    return nothing and step.now.inflight_bytes > 0 and step.grew("accepted_bytes")


def _sender_queues(step: SamplePair) -> bool:
    stuck = step.now.window_shut or _nothing_acknowledged(step)
    return stuck and step.grew("notsent_bytes")


def _unread_grows(step: SamplePair) -> bool:
    return step.grew("rcvq_bytes")


def _backlog_shrinks(step: SamplePair) -> bool:
    return step.grew("read_bytes") and step.now.backlog_bytes < step.before.backlog_bytes


def _read_more_than_dropped(step: SamplePair) -> bool:
    """Whether the client drains its backlog.

    A slow reader reads a little between two actions of the policy, and this is no drain. A drain requires
    that the producer need not wait, and that the backlog shrinks by more than twice the dropped bytes.
    """
    dropped = step.now.dropped_bytes - step.before.dropped_bytes
    shrunk = step.before.backlog_bytes - step.now.backlog_bytes
    return _backlog_shrinks(step) and shrunk > 2 * dropped and not step.now.producer_waits


def _reading_stops_again(step: SamplePair) -> bool:
    reads = step.grew("read_bytes") or step.now.backlog_bytes < step.before.backlog_bytes
    return step.now.rcvq_bytes > 0 and not reads


def _all_empty(step: SamplePair) -> bool:
    now = step.now
    return not (now.queue_bytes or now.outq_bytes or now.rcvq_bytes or now.held_bytes)


_P = Phase
_SHAKING_HANDS = frozenset({_P.CONNECTING})
_OPEN = frozenset({_P.FLOWING, _P.RECOVERED})
_BEFORE_SENDER = _OPEN | {_P.RECEIVER_FILLING, _P.UNACKNOWLEDGED}
_BEFORE_BLOCK = _BEFORE_SENDER | {_P.SENDER_FILLING}
_STALLED = (_BEFORE_BLOCK - _OPEN) | {_P.WRITE_BLOCKED, _P.USERSPACE_GROWTH, _P.POLICY_ACTED}
_ENDED = frozenset({_P.CLOSED, _P.RESET, _P.TIMED_OUT})

TRANSITIONS = (
    Transition(_SHAKING_HANDS, _P.FLOWING, lambda step: step.now.open, "the opening handshake is complete"),
    Transition(_STALLED | {_P.DRAINING}, _P.RECOVERED, _all_empty, "every queue is empty again"),
    Transition(
        _STALLED - {_P.POLICY_ACTED},
        _P.DRAINING,
        _backlog_shrinks,
        "the client reads, and fewer bytes wait for it",
    ),
    Transition(
        frozenset({_P.POLICY_ACTED}),
        _P.DRAINING,
        _read_more_than_dropped,
        "the client reads, and its backlog shrinks by more than twice the dropped bytes",
    ),
    Transition(
        frozenset(_P) - {_P.POLICY_ACTED} - _SHAKING_HANDS - _ENDED,
        _P.POLICY_ACTED,
        _policy_acted,
        "the policy drops, aborts, or makes the producer wait",
    ),
    Transition(
        frozenset({_P.WRITE_BLOCKED}),
        _P.USERSPACE_GROWTH,
        _queue_grows,
        "the application queue in the server's memory grows",
    ),
    Transition(
        _BEFORE_BLOCK, _P.WRITE_BLOCKED, _write_refused, "the server's kernel accepts no more bytes"
    ),
    Transition(
        _BEFORE_SENDER,
        _P.SENDER_FILLING,
        _sender_queues,
        "the client's kernel admits no more, and the send queue in the server's kernel grows",
    ),
    Transition(
        _OPEN,
        _P.UNACKNOWLEDGED,
        _nothing_acknowledged,
        "the client's kernel no longer acknowledges what is sent",
    ),
    Transition(_OPEN, _P.RECEIVER_FILLING, _unread_grows, "the receive queue in the client's kernel grows"),
    Transition(
        frozenset({_P.DRAINING}),
        _P.RECEIVER_FILLING,
        _reading_stops_again,
        "the client has stopped reading again",
    ),
)
"""The transitions in the order in which they are tried. ``closed``, ``reset`` and ``timed-out`` are
entered by an event, not by a sample, since the connection has ended.
"""


_FROM = {
    phase: tuple(transition for transition in TRANSITIONS if phase in transition.sources) for phase in Phase
}


def next_phase(phase: Phase, before: Sample, now: Sample) -> Phase | None:
    """The phase that begins with ``now``; None if ``phase`` continues."""
    step = SamplePair(before, now)
    if phase in _OPEN and _all_empty(step) and not _policy_acted(step):
        return None  # the same result as from all further transitions, at a fifth of the cost
    for transition in _FROM[phase]:
        if transition.shows(step):
            return transition.target
    return None
