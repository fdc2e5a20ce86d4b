"""The rules of the wake test, which decides whether messages were dropped, held, or never produced.

Messages decide if they can be compared, and memory only if they cannot.
"""

from ...timeline.probed.comparison import ComparedBy, Comparison
from ...timeline.probed.outcomes import HORIZON_BYTES, Confidence, Dropped, Outcome
from ..observe.observation import Observation
from ..observe.pace import paced_alike
from .facts import Facts
from .judgement import Judgement, inconclusive
from .machine import withheld_most
from .plausible import could_be_kept

LOW_BELOW_BYTES = 8 * 2**20
"""An outcome from fewer refused bytes than this has low confidence."""
HIGH_FROM_BYTES = HORIZON_BYTES
"""An outcome from at least this many refused bytes has high confidence."""
_CAUGHT_UP = 0.25
"""If less than this share of the refused messages never came, the server had held them."""
_BEHIND = 0.6
"""If more than this share never came, the server had never produced them."""
_SEEN_SHARE = 0.1
"""The share of the refused messages that must come for a judgement of the rest."""
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
judgement, or most of the refused messages.
"""
_PARTS = 0.2
"""If this share is missing without a stall, each client receives only a part of the stream."""
_KEPT_MIN_BYTES = 2 * 2**20
"""Kept bytes from every part of the stall from which on they are no small queue."""
_HASTE = 2.0
"""If the witness received more than this many times its usual rate after the wake, it was late itself."""
_FLAT = 0.05
"""If memory grew by fewer bytes than this for each refused byte, it did not follow the refused bytes."""
GROWN = 0.8
"""If memory grew by at least this many bytes for each refused byte, it followed the refused bytes."""
_FLAT_BYTES = 3 * 10**6
"""Refused bytes from which on memory that did not grow shows that messages are held elsewhere."""
_FLAT_S = 1.0
"""Seconds of stall from which on memory that did not grow counts."""
_WAITED = (
    "after the wake the stalled client's stream continued where it had stopped, without a gap and without "
    "catching up: the server had not produced the unread messages"
)
_LATE = (
    "after the wake the stalled client received as much as the kernels had refused, but the memory of the "
    "newly started process had not grown with the refused bytes: the messages were produced late"
)
_ELSEWHERE = (
    "; the memory of the newly started process had not grown with the refused bytes: waiting messages need "
    "little memory until they are sent, or they wait elsewhere (a log, a proxy)"
)
_NUMBERS_ALONE = (
    "after the wake the numbers in the stalled client's messages continued where they had stopped, without "
    "a gap and without catching up; but each client has numbers of its own, and only the numbers can be "
    "compared: if the server counts them when it sends a message, a message that it dropped leaves no gap"
)
_WAITED_COUNTED = (
    "after the wake the stalled client received no more than the kernels held, and each client has "
    "messages of its own, without a number: the rest was not kept, and whether it was dropped or never "
    "produced is not known"
)
_LATER = "`watch=` and `stop_at=`, to see whether the client is disconnected later"
_SHORTER = "a shorter `watch=`, so that fewer bytes remain to be received after the wake"
_LESS_BUSY = f"{_SHORTER}, or a machine that is less busy"
_UNTOLD = "the two streams do not show whether the stalled client caught up, and"
_CONCLUSIVE = (
    "put the time, or a number that is counted when a message is made, into the messages, so that a "
    "missing one can be found"
)


def dropped(seen: Observation, facts: Facts) -> Judgement | None:
    """The judgement if more messages are missing than without a stall; None otherwise."""
    compared = seen.record.comparison
    if compared.missing is None or compared.missing < _MISSING_MIN:
        return None
    usual = min(_LOSSY * compared.missing_usual, _BEHIND)
    # compare each part with the messages made in its time: in a long drain, a usual share is many messages
    if compared.missing_until_wake < usual * max(
        1.0, facts.refused_messages
    ) and compared.missing_late <= usual * _made_after_the_wake(seen):
        return None
    if _keeps_a_part(seen):
        return Judgement(
            outcome=_growth(seen, compared.kept_bytes),
            confidence=_by_bytes(compared.kept_bytes),
            kept_bytes=compared.kept_bytes,
            drops_a_part=True,
            because=f"{compared.missing:,} messages that the witness received never came, but messages "
            "from every part of the stall came after the wake: the server drops a part and keeps the rest",
        )
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
    return Judgement(
        outcome=Outcome.BOUNDED_DROPS,
        confidence=_by_kind(compared),
        because=f"the stalled client never received {compared.missing:,} messages that the witness "
        f"received (found by {compared.kind.value}), and its connection continued",
        dropped=None if unclear else compared.dropped,
    )


def _keeps_a_part(seen: Observation) -> bool:
    """Whether messages were dropped, and what was kept shows no bound, since it is from every part of the
    stall. A client that read during the stall made room in a queue again and again.
    """
    compared = seen.record.comparison
    scattered = compared.dropped in (None, Dropped.CONFLATED)
    enough = compared.kept_bytes >= _KEPT_MIN_BYTES
    return enough and compared.kept_evenly and scattered and not seen.stall.healthy


def _made_after_the_wake(seen: Observation) -> float:
    """The number of messages made after the wake, estimated from the bytes that the witness received."""
    given_bytes = (seen.record.witness_after_per_s or 0.0) * seen.record.drain_s
    return given_bytes / max(1.0, seen.record.comparison.message_bytes)


def _by_kind(compared: Comparison) -> Confidence:
    if compared.kind is ComparedBy.SHARED:
        return Confidence.HIGH
    # a client that reads everything lacks messages, too
    return Confidence.LOW if compared.missing_usual >= _PARTS else Confidence.MEDIUM


def held_or_waited(seen: Observation, facts: Facts) -> Judgement:
    """The judgement if no message in between is missing: all came late, or they were never produced."""
    record = seen.record
    compared = record.comparison
    behind = compared.lag_end / max(1.0, facts.refused_messages)
    counted = compared.kind is ComparedBy.COUNTED
    pace = record.baseline.pace
    own_pace = not compared.same and not paced_alike(pace)
    # at any pace, a client that receives almost none of the refused messages does not catch up
    nothing_came = not compared.draining and 1 - behind <= _SEEN_SHARE * min(1.0, pace)
    if own_pace and (counted or not nothing_came):
        return _by_memory(seen, facts)
    if compared.draining and not compared.same and behind >= _BEHIND:
        return _by_memory(seen, facts)
    grown = facts.amplification is not None and facts.amplification >= GROWN
    # if a common stream comes late, part of it does not show that the rest was kept, too
    draining = compared.draining and not (compared.same and _elsewhere(seen, facts))
    # messages in both streams were made for both clients: if they come late and memory grew, they were held
    if behind <= _CAUGHT_UP or draining or (compared.same and grown):
        return _held(seen, facts, slowly=behind > _CAUGHT_UP)
    if compared.same:
        return inconclusive(
            "the stalled client receives the stream that all clients share late, and without a gap so far: "
            f"when the watch ended, {record.drain_s:.1f} s after the wake, the client was "
            f"{compared.lag_end:,} messages behind; the server kept the messages received so far, and the "
            "watch was too short to show whether a gap follows",
            _SHORTER,
        )
    if counted and not compared.distinct:
        return inconclusive(
            "after the wake the stalled client received no more than the kernels held, and the messages "
            "are all alike: the rest was not kept; it was dropped, or never produced",
            _CONCLUSIVE,
        )
    if counted:
        if behind >= _BEHIND:
            return inconclusive(_WAITED_COUNTED, _CONCLUSIVE)
        return inconclusive(
            "after the wake the stalled client received a part of what the kernels had refused "
            f"({1 - behind:.0%}), found by counts of messages alone",
            _CONCLUSIVE + ", or use a longer `watch=`",
        )
    if compared.may_hide_gaps:
        return inconclusive(_NUMBERS_ALONE, _CONCLUSIVE)
    after = record.witness_after_per_s
    if after is not None and after > _HASTE * record.baseline.bytes_per_s:
        return inconclusive(
            "after the wake the witness itself received far more than its usual stream, so a comparison "
            "with it does not show whether the stalled client caught up",
            _LESS_BUSY,
        )
    return Judgement(
        outcome=Outcome.BACKPRESSURE_ISOLATED,
        confidence=_weaken(_by_bytes(seen.refused_bytes)) if own_pace else _by_bytes(seen.refused_bytes),
        because=_WAITED,
        change=_LATER,
    )


def _held(seen: Observation, facts: Facts, *, slowly: bool) -> Judgement:
    """The judgement if all messages came late. The memory of a process that was started for this stall may
    show where they were held. Messages that had not come when the watch ended may come later or be
    missing.
    """
    compared = seen.record.comparison
    kept_bytes = _came(seen)
    if kept_bytes < _SEEN_SHARE * seen.refused_bytes:
        return _not_come(seen, facts)
    flat, elsewhere = _flat(facts), _elsewhere(seen, facts)
    if elsewhere and not compared.same:
        return Judgement(
            outcome=Outcome.BACKPRESSURE_ISOLATED,
            confidence=Confidence.LOW,
            because=_LATE,
            change="`watch=` and `stop_at=`, to see whether memory follows later",
        )
    confidence = _by_bytes(kept_bytes)
    weaker = compared.kind is ComparedBy.COUNTED or slowly or flat
    return Judgement(
        outcome=_growth(seen, kept_bytes),
        confidence=_weaken(confidence) if weaker else confidence,
        kept_bytes=kept_bytes,
        because="after the wake the stalled client received "
        f"{'a part of what' if slowly else 'everything that'} the kernels had refused, and no message was "
        f"missing (found by {compared.kind.value})"
        + ("; the client was still receiving the rest when the watch ended" if slowly else "")
        + (_ELSEWHERE if elsewhere else ""),
    )


def _came(seen: Observation) -> int:
    """The refused bytes that came after the wake.

    A stream that all clients share comes in its order, so all bytes after the wake count, however far
    behind the client was in the end. In other streams the later messages may have been made after the
    wake.
    """
    compared = seen.record.comparison
    by_messages = round(seen.refused_bytes - compared.lag_end * compared.message_bytes)
    in_order = seen.record.beyond_bytes - seen.record.joining_bytes if compared.same else 0
    return max(0, by_messages, min(seen.refused_bytes, in_order))


def _elsewhere(seen: Observation, facts: Facts) -> bool:
    """Whether the memory of a process that was started for this stall did not grow with the
    refused bytes.
    """
    return memory_is_flat(seen, facts) and seen.record.fresh


def memory_is_flat(seen: Observation, facts: Facts) -> bool:
    """Whether memory was read and did not grow with the refused bytes, which were enough to show it."""
    return _flat(facts) and seen.refused_bytes >= _FLAT_BYTES


def _not_come(seen: Observation, facts: Facts) -> Judgement:
    """The judgement if the watch after the wake was too short for the messages to show anything."""
    because = (
        f"{seen.record.drain_s:.1f} s after the wake the stalled client had not yet received what the "
        "kernels had refused"
    )
    change = _LESS_BUSY
    # if the witness is behind, too, the server holds messages for all clients
    grown = facts.amplification is not None and facts.amplification >= GROWN and _plausible(seen, facts)
    if facts.witness_behind or not grown:
        return inconclusive(f"{because}: whether the server kept it is not known", change)
    return Judgement(
        outcome=Outcome.GROWTH,
        confidence=Confidence.LOW,
        because=f"{because}, but the process's memory had grown with the refused bytes",
        change=change,
        kept_bytes=seen.refused_bytes,
        by_memory=True,
    )


def _flat(facts: Facts) -> bool:
    """Whether memory did not grow with the refused bytes during a stall that was long enough to show it."""
    return facts.amplification is not None and facts.amplification < _FLAT and facts.stalled_s >= _FLAT_S


def _plausible(seen: Observation, facts: Facts) -> bool:
    """Whether memory grew by no more than the refused messages can take."""
    refused, messages = float(seen.refused_bytes), facts.refused_messages
    return could_be_kept((facts.amplification or 0.0) * refused, refused, messages)


def _growth(seen: Observation, kept_bytes: int) -> Outcome:
    """The outcome for held bytes: unbounded growth from the horizon on. A bound may be higher than they."""
    beyond = kept_bytes >= seen.record.horizon_bytes
    return Outcome.UNBOUNDED_GROWTH if beyond else Outcome.GROWTH


def _by_memory(seen: Observation, facts: Facts) -> Judgement:
    """The judgement by memory, if the two clients' streams run at different paces, so that the messages do
    not show whether the stalled client has caught up.
    """
    if facts.amplification is None or _FLAT <= facts.amplification < GROWN:
        return inconclusive(
            "neither the streams nor the server's memory show whether the stalled client caught up",
            "a stream that all clients share, or messages with a running number",
        )
    grown = facts.amplification >= GROWN
    if grown and not _plausible(seen, facts):
        return inconclusive(
            f"{_UNTOLD} the process's memory grew by more than the refused messages can take: a part of "
            "the growth is garbage",
            "a stream that all clients share, or messages with a running number",
        )
    if grown and facts.late_amplification is not None and facts.late_amplification < _FLAT:
        return inconclusive(
            f"{_UNTOLD} the process's memory grew with the first half of the refused bytes alone",
            "a stream that all clients share, or messages with a running number",
        )
    if not grown and seen.record.comparison.kind is ComparedBy.COUNTED:
        return inconclusive(
            f"{_UNTOLD} the process's memory did not grow: the rest was not kept; it was dropped, or never "
            "produced",
            _CONCLUSIVE,
        )
    return Judgement(
        outcome=_growth(seen, seen.refused_bytes) if grown else Outcome.BACKPRESSURE_ISOLATED,
        confidence=Confidence.LOW,
        kept_bytes=seen.refused_bytes,
        by_memory=grown,
        because=f"{_UNTOLD} the process's memory "
        + ("grew with the refused bytes" if grown else "did not grow"),
        change="a stream that all clients share, or messages with a running number",
    )


def _by_bytes(refused_bytes: int) -> Confidence:
    if refused_bytes < LOW_BELOW_BYTES:
        return Confidence.LOW
    return Confidence.MEDIUM if refused_bytes < HIGH_FROM_BYTES else Confidence.HIGH


def _weaken(confidence: Confidence) -> Confidence:
    return Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW
