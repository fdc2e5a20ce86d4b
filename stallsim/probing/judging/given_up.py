"""The rule for a server that sends a client nothing more and does not end its connection.

A Close or a FIN that comes behind unread messages does not end the connection: it takes effect only when
the client reads again.
"""

from ...timeline.probed.comparison import ComparedBy
from ...timeline.probed.outcomes import Confidence, Outcome
from ..observe.observation import Observation
from ..observe.pace import refused, usable_pace
from .amounts import LOW_BELOW_BYTES, growth_of
from .by_memory import has_grown, has_grown_late, is_plausible
from .facts import Facts, is_quiet
from .judgement import Judgement
from .machine import had_its_turn

_WAITED_MIN_BYTES = 65536
"""If fewer bytes than this came after the wake beyond the kernels' content, no FIN had waited behind
messages in the server's program: the server ended the connection while the client read again.
"""
_FEW = 0.25
"""If at most this share of the refused bytes came, the others may have waited without being sent."""
_LONGER = "; memory grew with the refused bytes: a longer `watch=` shows whether that ends"
_CAUGHT_UP = 0.25
"""If less than this share of the refused messages never came, the server had not given the client up."""


def given_up(seen: Observation, facts: Facts) -> Judgement | None:
    """The judgement that the server gave the client up; None if the client received all waiting messages,
    or if its stream went on.
    """
    waits = close_waits(seen)
    forgotten = seen.record.forgotten and had_its_turn(seen)
    behind = seen.record.comparison.lag_end / max(1.0, facts.refused_messages)
    if behind <= _CAUGHT_UP or not (waits or forgotten):
        return None
    follows = _memory_follows(seen, facts)
    if follows and seen.refused_bytes >= seen.record.horizon_bytes:
        return _kept_to_the_end(seen)
    counted = seen.record.comparison.kind is ComparedBy.COUNTED
    if waits:
        confidence = Confidence.MEDIUM if counted else Confidence.HIGH
        because = (
            "after the wake the stalled client received the messages that had waited; "
            f"{end_in_words(seen)} came behind them: it had waited there, or the server sent it when the "
            "client read again"
        )
        change = (
            "abort the connection (RST, terminate()) while the client does not read: a Close or a FIN that "
            "waits behind its queue, or that is sent when it reads again, does not end it before"
        )
    else:
        confidence = Confidence.LOW if counted else Confidence.MEDIUM
        because = (
            "after the wake the stalled client received no more than had waited, and then nothing, "
            "although its connection is open and the witness's stream continues: the server has given up "
            "this client without ending its connection"
        )
        change = "close the connection of a client that is given up, so that the client can reconnect"
    return Judgement(
        outcome=Outcome.BOUNDED_DROPS,
        given_up=True,
        confidence=Confidence.LOW if follows else confidence,
        because=because,
        change=f"{change}{_LONGER}" if follows else change,
    )


def _memory_follows(seen: Observation, facts: Facts) -> bool:
    """Whether memory grew with the refused bytes to the end of the stall, by no more than they can take,
    although few of them came. A collector's garbage also does that for some tens of megabytes.
    """
    few = seen.refused_bytes >= LOW_BELOW_BYTES and seen.record.beyond_bytes <= _FEW * seen.refused_bytes
    return has_grown(facts) and has_grown_late(facts) and few and is_plausible(seen, facts)


def _kept_to_the_end(seen: Observation) -> Judgement:
    """The judgement for messages that never came, although the server's memory had room for no other
    reason: by memory alone, so its confidence is low.
    """
    return Judgement(
        outcome=growth_of(seen, seen.refused_bytes),
        confidence=Confidence.LOW,
        kept_bytes=seen.refused_bytes,
        by_memory=True,
        because="after the wake the stalled client received only the oldest messages that had waited, and "
        "the server had given it up; but to the end of the stall the server's memory grew with the refused "
        "bytes, so it seems to have kept the others, too, and to have discarded them in the end",
        change="abort the connection (RST, terminate()) while the client does not read, and discard its "
        "queue at that time",
    )


def close_waits(seen: Observation) -> bool:
    """Whether the client received the connection's end only when it read again: the end had waited in the
    server's program behind messages, or was sent then. From outside both look the same.

    A FIN may also have waited in a kernel that this program cannot read, or have been sent after the wake.
    A Close frame has its place in the stream.
    """
    end = seen.record.end
    if end is None or end.decided_after_s is not None or end.cut_short:
        return False
    if _queued_to_the_wake(seen):  # so the server decided after the wake
        return False
    if end.how == "close":
        return True
    waited = seen.record.beyond_bytes >= _WAITED_MIN_BYTES
    return end.how == "fin" and waited and seen.record.visible and not seen.stall.healthy


def _queued_to_the_wake(seen: Observation) -> bool:
    """Whether the client received everything that the witness had received before the wake. If the server
    blocks all clients, that shows nothing.
    """
    came = seen.record.beyond_bytes - seen.record.joining_bytes
    return 0 < seen.refused_bytes <= came and not is_quiet(seen)


def end_in_words(seen: Observation) -> str:
    """The words for the end that came behind the messages. A protocol without a Ping is HTTP."""
    if seen.record.end is None or seen.record.end.how != "close":
        return "its FIN"
    return "its Close" if seen.record.has_ping else "the end of its answer"


def given_up_after_s(seen: Observation) -> float | None:
    """Seconds from the stall's beginning until the kernels had refused as many bytes as came after the
    wake beyond the kernels' content; None: they never had.
    """
    first, pace = seen.samples[0], usable_pace(seen.record.baseline.pace)
    kept = max(1, seen.record.beyond_bytes)
    return next((one.at_s for one in seen.samples if refused(first, one, pace) >= kept), None)
