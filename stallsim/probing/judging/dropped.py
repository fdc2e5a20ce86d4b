"""The rule of the wake test for a server that drops: more messages are missing than without a stall.

A server that drops a part, and keeps the rest from every part of the stall, shows no bound.
"""

from ...timeline.probed.comparison import ComparedBy, Comparison
from ...timeline.probed.outcomes import Confidence, Dropped, Outcome
from ..observe.observation import Observation
from .amounts import by_bytes, growth_of
from .by_memory import has_grown_late
from .facts import Facts
from .judgement import Judgement
from .machine import withheld_most
from .other_messages import perhaps_in_other_messages

_MISSING_MIN = 2
"""Fewer missing messages than this do not show that the server drops."""
_LATE_S = 0.5
"""If this program did not run for this many seconds at once, which messages were dropped is not known."""
_QUEUED_MIN = 10
"""The least messages that waited in the server, for the newest ones to be the dropped ones."""
_QUEUED = 0.05
"""The least share of the refused messages that must have waited in the server, too, for that."""
_MOST = 0.5
"""If less than this share of the refused messages is missing, the messages were not conflated."""
_LOSSY = 3.0
"""If messages are missing without a stall, too, this many times their share must be missing for a
judgement, or ``_LOSSY_MAX`` of the refused messages.
"""
_LOSSY_MAX = 0.6
_PARTS = 0.2
"""If this share is missing without a stall, each client receives only a part of the stream."""
_KEPT_MIN_BYTES = 2 * 2**20
"""Kept bytes from every part of the stall from which on they are no small queue."""


def dropped(seen: Observation, facts: Facts) -> Judgement | None:
    """The judgement if more messages are missing than without a stall; None otherwise."""
    compared = seen.record.comparison
    if compared.missing is None or compared.missing < _MISSING_MIN:
        return None
    usual = min(_LOSSY * compared.missing_usual, _LOSSY_MAX)
    # compare each part with the messages made in its time: in a long drain, a usual share is many messages
    if compared.missing_until_wake < usual * max(
        1.0, facts.refused_messages
    ) and compared.missing_late <= usual * _made_after_the_wake(seen):
        return None
    if _keeps_a_part(seen):
        return Judgement(
            outcome=growth_of(seen, compared.kept_bytes),
            confidence=by_bytes(compared.kept_bytes),
            kept_bytes=compared.kept_bytes,
            drops_a_part=True,
            because=f"{compared.missing:,} messages that the witness received never came, but messages "
            "from every part of the stall came after the wake: the server drops a part and keeps the rest",
        )
    others = perhaps_in_other_messages(seen, facts)
    if others is not None:
        return others
    # if nothing was queued, 'the latest is kept' and 'what comes is dropped' look alike from outside; and a
    # slow reader receives a part at times, whichever end is dropped
    kept = facts.refused_messages - compared.missing_until_wake
    queued = kept > max(_QUEUED_MIN, _QUEUED * facts.refused_messages)
    unclear = seen.stall.reads_slowly or (compared.dropped is Dropped.NEWEST and not queued)
    # a queue for only the latest message holds nothing else: if most messages had waited, the wake was
    # misplaced
    most_waited = compared.missing < _MOST * facts.refused_messages
    unclear = unclear or (compared.dropped is Dropped.CONFLATED and most_waited)
    # if the witness was late, the server may have dropped for it, too: the two clients' gaps are then mixed
    unclear = unclear or facts.witness_behind or seen.record.stall_lag_s >= _LATE_S
    # a server with little CPU time goes on dropping after the wake: messages that had waited are then
    # missing, too
    unclear = unclear or withheld_most(seen)
    evenly = keeps_from_every_part(seen)
    no_bound = evenly or _keeps_at_the_end(seen, facts)
    goes_on = "continued" if seen.record.end is None else "ended only when it read again"
    return Judgement(
        outcome=Outcome.BOUNDED_DROPS,
        confidence=Confidence.LOW if no_bound else _by_kind(compared),
        because=f"the stalled client never received {compared.missing:,} messages that the witness "
        f"received (found by {compared.kind.value}), and its connection {goes_on}",
        change="a longer `watch=`, to see whether the part of the stream that is kept has a bound"
        if no_bound
        else "",
        dropped=None if unclear or evenly else compared.dropped,
    )


def _keeps_a_part(seen: Observation) -> bool:
    """Whether messages were dropped, and the kept ones are more than a small queue and show no bound."""
    return seen.record.comparison.kept_bytes >= _KEPT_MIN_BYTES and keeps_from_every_part(seen)


def keeps_from_every_part(seen: Observation) -> bool:
    """Whether the messages that waited show no bound, since they are from every part of the stall: the
    server may keep a part of the stream for ever. A client that read during the stall made room in a queue
    again and again.
    """
    compared = seen.record.comparison
    scattered = compared.dropped in (None, Dropped.CONFLATED)
    return compared.kept_evenly and scattered and bool(compared.missing) and not seen.stall.healthy


def _keeps_at_the_end(seen: Observation, facts: Facts) -> bool:
    """Whether most of the stall's bytes were kept, and memory grew with the refused bytes to the end: the
    server had dropped earlier, and has shown no bound since.
    """
    kept_bytes = seen.record.comparison.kept_bytes
    enough = kept_bytes >= max(_KEPT_MIN_BYTES, _MOST * seen.refused_bytes)
    return enough and seen.record.fresh and has_grown_late(facts)


def _made_after_the_wake(seen: Observation) -> float:
    """The number of messages made after the wake, estimated from the bytes that the witness received."""
    given_bytes = (seen.record.witness_after_per_s or 0.0) * seen.record.drain_s
    return given_bytes / max(1.0, seen.record.comparison.message_bytes)


def _by_kind(compared: Comparison) -> Confidence:
    if compared.kind is ComparedBy.SHARED:
        return Confidence.HIGH
    # a client that reads everything lacks messages, too
    return Confidence.LOW if compared.missing_usual >= _PARTS else Confidence.MEDIUM
