"""The rules of the wake test, which says whether messages were dropped, held, or never produced.

Messages decide where they can be compared. Memory is asked only where they cannot.
"""

from ...timeline.probed.comparison import ComparedBy, Comparison
from ...timeline.probed.outcomes import HORIZON_BYTES, Confidence, Dropped, Outcome
from ..observe.observation import Observation
from ..observe.pace import paced_alike
from .facts import Facts
from .judgement import Judgement, inconclusive
from .machine import withheld_most
from .plausible import could_be_kept

LOW_BELOW_BYTES, HIGH_FROM_BYTES = 8 * 2**20, HORIZON_BYTES
_CAUGHT_UP, _BEHIND = 0.25, 0.6
"""Shares of the refused messages. If fewer than the first never came, the server had held them; if more
than the second, it had never produced them."""
_SEEN_SHARE = 0.1
"""Of what was refused, so much must come for anything to be said of the rest."""
_MISSING_MIN, _LATE_S = 2, 0.5
_QUEUED_MIN, _QUEUED, _MOST = 10, 0.05, 0.5
_LOSSY = 3.0
"""For a stream that always lacks some messages: so many times as many must be missing as without a stall,
or most of what was refused."""
_PARTS = 0.2
"""Where such a share is missing for everybody, each client is given a part only."""
_HASTE = 2.0
"""If the witness received so many times its usual stream after the wake, then it was late itself."""
_FLAT, _GROWN, _FLAT_BYTES, _FLAT_S = 0.05, 0.8, 3 * 10**6, 1.0
"""Bytes of memory for each refused byte: below the first, memory did not follow what was refused; above the
second, it did."""
_WAITED = (
    "after the wake its stream went on where it had stopped, without a gap and without catching up: what "
    "was not read was not produced"
)
_LATE = (
    "after the wake came as much as the kernels had refused, but the memory of a fresh process had not "
    "grown with it: it was produced late"
)
_ELSEWHERE = (
    "; the memory of a fresh process had not grown with it: what waits is small until it is sent, or it "
    "waits elsewhere (a log, a proxy)"
)
_WAITED_COUNTED = (
    "after the wake came no more than the kernels held, and each client has messages of its own, without a "
    "number: whether the rest was dropped or never produced is undecided; it was not kept"
)
_LATER = "`watch=` and `stop_at=`, to see whether it is disconnected later"
_LESS_BUSY = "a shorter `watch=`, so that less has to come after the wake, or a machine that is less busy"
_UNTOLD = "the two streams do not tell whether the stalled client caught up, and"
_CONCLUSIVE = "put a running number or the time into the messages: then it shows whether one is missing"


def dropped(seen: Observation, facts: Facts) -> Judgement | None:
    """Messages are missing, and more of them than are missing without a stall."""
    compared = seen.record.comparison
    if compared.missing is None or compared.missing < _MISSING_MIN:
        return None
    usual = min(_LOSSY * compared.missing_usual, _BEHIND)
    # each part beside as many messages as were made in its time: of a long drain a usual share is many
    if compared.missing_until_wake < usual * max(
        1.0, facts.refused_messages
    ) and compared.missing_late <= usual * _made_after_the_wake(seen):
        return None
    # with nothing queued, 'the latest is kept' and 'what comes is dropped' look alike from outside; and who
    # reads slowly is given a part now and then, whichever end is dropped
    kept = facts.refused_messages - compared.missing_until_wake
    queued = kept > max(_QUEUED_MIN, _QUEUED * facts.refused_messages)
    unclear = seen.stall.reads_slowly or (compared.dropped is Dropped.NEWEST and not queued)
    # a queue that keeps the latest alone holds nothing else: where most had waited, the wake was misplaced
    most_waited = compared.missing < _MOST * facts.refused_messages
    unclear = unclear or (compared.dropped is Dropped.CONFLATED and most_waited)
    # a witness that was late itself may have been passed over, too: then the two clients' gaps are mixed
    unclear = unclear or facts.witness_behind or seen.record.stall_lag_s >= _LATE_S
    # who is given little time goes on dropping after the wake: what had waited is then missing, too
    unclear = unclear or withheld_most(seen)
    return Judgement(
        outcome=Outcome.BOUNDED_DROPS,
        confidence=_by_kind(compared),
        because=f"{compared.missing:,} messages that the witness was given never came, "
        f"by {compared.kind.value}, and the connection went on",
        dropped=None if unclear else compared.dropped,
    )


def _made_after_the_wake(seen: Observation) -> float:
    """Messages, by what the witness was given."""
    given_bytes = (seen.record.witness_after_per_s or 0.0) * seen.record.drain_s
    return given_bytes / max(1.0, seen.record.comparison.message_bytes)


def _by_kind(compared: Comparison) -> Confidence:
    if compared.kind is ComparedBy.SHARED:
        return Confidence.HIGH
    # whoever reads everything lacks messages, too
    return Confidence.LOW if compared.missing_usual >= _PARTS else Confidence.MEDIUM


def held_or_waited(seen: Observation, facts: Facts) -> Judgement:
    """No message in between is missing: either all of them came late, or they were never produced."""
    record = seen.record
    compared = record.comparison
    behind = compared.lag_end / max(1.0, facts.refused_messages)
    counted = compared.kind is ComparedBy.COUNTED
    pace = record.baseline.pace
    own_pace = not compared.same and not paced_alike(pace)
    # whatever its own pace, who is given next to nothing of what was refused does not catch up
    nothing_came = not compared.draining and 1 - behind <= _SEEN_SHARE * min(1.0, pace)
    if own_pace and (counted or not nothing_came):
        return _by_memory(seen, facts)
    if compared.draining and not compared.same and behind >= _BEHIND:
        return _by_memory(seen, facts)
    grown = facts.amplification is not None and facts.amplification >= _GROWN
    # of a stream that all share and that comes late, a part is no sign that the rest was kept, too
    draining = compared.draining and not (compared.same and _elsewhere(seen, facts))
    # what both are given was made for both: if it comes late and memory grew, it comes from there
    if behind <= _CAUGHT_UP or draining or (compared.same and grown):
        return _held(seen, facts, slowly=behind > _CAUGHT_UP)
    if compared.same:
        return inconclusive(
            "the stream that all share comes late to the client that was stalled, without a gap so far: "
            f"{compared.lag_end:,} messages behind when the watch ended, {record.drain_s:.1f} s after the "
            "wake; it was kept as far as that, and whether a gap follows was not waited for",
            "a shorter `watch=`, so that less has to come after the wake",
        )
    if counted and not compared.distinct:
        return inconclusive(
            "after the wake came no more than the kernels held, and the messages are all alike: the rest "
            "was dropped, or never produced; it was not kept",
            _CONCLUSIVE,
        )
    if counted:
        if behind >= _BEHIND:
            return inconclusive(_WAITED_COUNTED, _CONCLUSIVE)
        return inconclusive(
            f"after the wake came a part of what had been refused ({1 - behind:.0%}), by counts alone",
            _CONCLUSIVE + "; so does a longer `watch=`",
        )
    after = record.witness_after_per_s
    if after is not None and after > _HASTE * record.baseline.bytes_per_s:
        return inconclusive(
            "after the wake the witness itself was given far more than its usual stream: whether the other "
            "client caught up with the stream cannot be told beside it",
            _LESS_BUSY,
        )
    return Judgement(
        outcome=Outcome.BACKPRESSURE_ISOLATED,
        confidence=_weaken(_by_bytes(seen.refused_bytes)) if own_pace else _by_bytes(seen.refused_bytes),
        because=_WAITED,
        change=_LATER,
    )


def _held(seen: Observation, facts: Facts, *, slowly: bool) -> Judgement:
    """All messages came late. The memory of a process that was started for this stall may say where they
    were held; more is not known. Messages that had not come when the watch ended may still come or be
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
        because=f"after the wake came {'a part of what' if slowly else 'everything that'} the kernels had "
        f"refused, and nothing was missing, by {compared.kind.value}"
        + ("; it was still coming when the watch ended" if slowly else "")
        + (_ELSEWHERE if elsewhere else ""),
    )


def _came(seen: Observation) -> int:
    """Of the bytes that the kernels had refused, those that came after the wake.

    In a stream that all share they come in their order, so that what came counts, however far behind the
    client was in the end. Else the later messages may have been made after the wake.
    """
    compared = seen.record.comparison
    by_messages = round(seen.refused_bytes - compared.lag_end * compared.message_bytes)
    in_order = seen.record.beyond_bytes - seen.record.joining_bytes if compared.same else 0
    return max(0, by_messages, min(seen.refused_bytes, in_order))


def _elsewhere(seen: Observation, facts: Facts) -> bool:
    """The memory of a process without a past did not follow what was refused."""
    return _flat(facts) and seen.record.fresh and seen.refused_bytes >= _FLAT_BYTES


def _not_come(seen: Observation, facts: Facts) -> Judgement:
    """The watch after the wake was too short for the messages to tell anything."""
    because = f"what the kernels had refused had not come {seen.record.drain_s:.1f} s after the wake"
    change = _LESS_BUSY
    # where the witness is behind, too, the server holds something for everybody
    grown = facts.amplification is not None and facts.amplification >= _GROWN and _plausible(seen, facts)
    if facts.witness_behind or not grown:
        return inconclusive(f"{because}: whether it was kept is not known", change)
    return Judgement(
        outcome=Outcome.GROWTH,
        confidence=Confidence.LOW,
        because=f"{because}, but the process's memory had grown with it",
        change=change,
        kept_bytes=seen.refused_bytes,
    )


def _flat(facts: Facts) -> bool:
    """Memory did not grow with what was refused, for long enough to say so."""
    return facts.amplification is not None and facts.amplification < _FLAT and facts.stalled_s >= _FLAT_S


def _plausible(seen: Observation, facts: Facts) -> bool:
    """Whether memory grew by no more than what was refused can take."""
    refused, messages = float(seen.refused_bytes), facts.refused_messages
    return could_be_kept((facts.amplification or 0.0) * refused, refused, messages)


def _growth(seen: Observation, kept_bytes: int) -> Outcome:
    """Bytes that were seen to be held. A bound may be higher."""
    beyond = kept_bytes >= seen.record.horizon_bytes
    return Outcome.UNBOUNDED_GROWTH if beyond else Outcome.GROWTH


def _by_memory(seen: Observation, facts: Facts) -> Judgement:
    """The two clients' streams run at different paces, so it cannot be known whether the stalled one has
    caught up.
    """
    if facts.amplification is None or _FLAT <= facts.amplification < _GROWN:
        return inconclusive(
            f"{_UNTOLD} memory does not tell either",
            "a stream that all clients share, or messages with a running number",
        )
    grown = facts.amplification >= _GROWN
    if grown and not _plausible(seen, facts):
        return inconclusive(
            f"{_UNTOLD} the process's memory grew by more than what "
            "was refused can take: by what it throws away, too",
            "a stream that all clients share, or messages with a running number",
        )
    if not grown and seen.record.comparison.kind is ComparedBy.COUNTED:
        return inconclusive(
            f"{_UNTOLD} the process's memory did not grow: the rest "
            "was dropped, or never produced; it was not kept",
            _CONCLUSIVE,
        )
    return Judgement(
        outcome=_growth(seen, seen.refused_bytes) if grown else Outcome.BACKPRESSURE_ISOLATED,
        confidence=Confidence.LOW,
        kept_bytes=seen.refused_bytes,
        because=f"{_UNTOLD} the process's memory "
        + ("grew with what was refused" if grown else "did not grow"),
        change="a stream that all clients share, or messages with a running number",
    )


def _by_bytes(refused_bytes: int) -> Confidence:
    if refused_bytes < LOW_BELOW_BYTES:
        return Confidence.LOW
    return Confidence.MEDIUM if refused_bytes < HIGH_FROM_BYTES else Confidence.HIGH


def _weaken(confidence: Confidence) -> Confidence:
    return Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW
