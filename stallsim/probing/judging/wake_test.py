"""The rules of the wake test if no message in between is missing: messages were held, or never produced.

Messages decide if they can be compared, and memory only if they cannot (``by_memory``).
"""

from ...timeline.probed.comparison import ComparedBy
from ...timeline.probed.outcomes import Confidence, Outcome
from ..observe.observation import Observation
from ..observe.pace import paced_alike
from .amounts import by_bytes, growth_of, weaken
from .by_memory import CONCLUSIVE, by_memory, has_grown, is_flat, is_plausible, memory_is_flat
from .facts import Facts
from .judgement import Judgement, inconclusive
from .made import SMALLER, bytes_that_came, refused_and_made

_CAUGHT_UP = 0.25
"""If less than this share of the refused messages never came, the server had held them."""
_BEHIND = 0.6
"""If more than this share never came, the server had never produced them."""
_SEEN_SHARE = 0.1
"""The share of the refused messages that must come for a judgement of the rest."""
_HASTE = 2.0
"""If the witness received more than this many times its usual rate after the wake, it was late itself."""
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
        return by_memory(seen, facts)
    if compared.draining and not compared.same and behind >= _BEHIND:
        return by_memory(seen, facts)
    # if a common stream comes late, part of it does not show that the rest was kept, too
    draining = compared.draining and not (compared.same and _elsewhere(seen, facts))
    # messages in both streams were made for both clients: if they come late and memory grew, they were held
    if behind <= _CAUGHT_UP or draining or (compared.same and has_grown(facts)):
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
            CONCLUSIVE,
        )
    if counted:
        if behind >= _BEHIND:
            return inconclusive(_WAITED_COUNTED, CONCLUSIVE)
        return inconclusive(
            "after the wake the stalled client received a part of what the kernels had refused "
            f"({1 - behind:.0%}), found by counts of messages alone",
            CONCLUSIVE + ", or use a longer `watch=`",
        )
    after = record.witness_after_per_s
    if after is not None and after > _HASTE * record.baseline.bytes_per_s:
        return inconclusive(
            "after the wake the witness itself received far more than its usual stream, so a comparison "
            "with it does not show whether the stalled client caught up",
            _LESS_BUSY,
        )
    if compared.may_hide_gaps:
        return Judgement(
            outcome=Outcome.BACKPRESSURE_ISOLATED,
            confidence=Confidence.LOW,
            because=_NUMBERS_ALONE,
            change=CONCLUSIVE,
        )
    return Judgement(
        outcome=Outcome.BACKPRESSURE_ISOLATED,
        confidence=weaken(by_bytes(seen.refused_bytes)) if own_pace else by_bytes(seen.refused_bytes),
        because=_WAITED,
        change=_LATER,
    )


def _held(seen: Observation, facts: Facts, *, slowly: bool) -> Judgement:
    """The judgement if all messages came late. The memory of a process that was started for this stall may
    show where they were held. Messages that had not come when the watch ended may come later or be
    missing.
    """
    compared = seen.record.comparison
    kept_bytes, made = bytes_that_came(seen), refused_and_made(seen)
    if compared.kind is ComparedBy.BYTES and not slowly and seen.record.beyond_bytes < SMALLER * made:
        return inconclusive(
            "the bytes of the two streams could be compared only in part: none seemed to be missing, but "
            "after the wake the stalled client received less than half of what the kernels had refused",
            CONCLUSIVE,
        )
    if slowly and kept_bytes < _SEEN_SHARE * made:
        return _not_come(seen, facts)
    flat, elsewhere = is_flat(facts), _elsewhere(seen, facts)
    if elsewhere and not compared.same:
        return Judgement(
            outcome=Outcome.BACKPRESSURE_ISOLATED,
            confidence=Confidence.LOW,
            because=_LATE,
            change="`watch=` and `stop_at=`, to see whether memory follows later",
        )
    confidence = by_bytes(kept_bytes)
    weaker = compared.kind is ComparedBy.COUNTED or slowly or flat
    return Judgement(
        outcome=growth_of(seen, kept_bytes),
        confidence=weaken(confidence) if weaker else confidence,
        kept_bytes=kept_bytes,
        because="after the wake the stalled client received "
        f"{'a part of what' if slowly else 'everything that'} the kernels had refused, and no message was "
        f"missing (found by {compared.kind.value})"
        + ("; the client was still receiving the rest when the watch ended" if slowly else "")
        + (_ELSEWHERE if elsewhere else ""),
    )


def _elsewhere(seen: Observation, facts: Facts) -> bool:
    """Whether the memory of a process that was started for this stall did not grow with the
    refused bytes.
    """
    return memory_is_flat(seen, facts) and seen.record.fresh


def _not_come(seen: Observation, facts: Facts) -> Judgement:
    """The judgement if the watch after the wake was too short for the messages to show anything."""
    because = (
        f"{seen.record.drain_s:.1f} s after the wake the stalled client had not yet received what the "
        "kernels had refused"
    )
    change = _LESS_BUSY
    # if the witness is behind, too, the server holds messages for all clients
    if facts.witness_behind or not (has_grown(facts) and is_plausible(seen, facts)):
        return inconclusive(f"{because}: whether the server kept it is not known", change)
    return Judgement(
        outcome=Outcome.GROWTH,
        confidence=Confidence.LOW,
        because=f"{because}, but the process's memory had grown with the refused bytes",
        change=change,
        kept_bytes=refused_and_made(seen),
        by_memory=True,
    )
