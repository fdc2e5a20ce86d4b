"""The rule for a server that makes all clients wait for one: the witness received nothing until the
stalled client read.

Until the wake, a stream that pauses or ends by itself looks the same.
"""

from ...timeline.probed.outcomes import Confidence, Outcome
from ...units import format_size
from ..observe.observation import Observation
from .facts import Facts
from .judgement import Judgement, inconclusive
from .own_pauses import explained_s

_BLOCKED_SHARE = 0.1
"""A witness that receives at most this share of its usual rate at the end of the stall is blocked."""
_RESUMED_SHARE = 0.3
"""The witness's stream goes on after the wake if it has at least this share of its usual rate."""
_AT_ONCE_BYTES = 2**18
"""Bytes. A server that waits for a full kernel has produced no more than this beyond what the kernel
accepted.
"""
_STOPPED_S = 0.5
"""Seconds without a byte for the witness. A server whose queue for the stalled client has grown for longer
blocks the others only if their stream stops; if it only becomes slower, that server starves them.
"""
_UNANSWERED = 0.5
"""The share of a period for which a Ping must have waited in vain for the server to count
as unresponsive.
"""
_PROMPT_S = 0.4
"""Seconds in which a witness that waited receives again once the stalled client has read what waited."""
_DRAINED_PER_S = 10e6
"""Bytes per second at which the stalled client reads at least, which adds to ``_PROMPT_S``."""


def blocked(seen: Observation, facts: Facts) -> Judgement | None:
    """The judgement that the server blocked all clients; None if it did not, or if that cannot be
    observed.
    """
    drips = seen.stall.share_of(seen.record.baseline.bytes_per_s)
    share = facts.tail_share
    starved = share is not None and share <= max(_BLOCKED_SHARE, 3 * drips)
    if (
        seen.stall.reads_all
        or seen.stall.pause_s
        or facts.witness_behind
        or not (starved or (facts.quiet and not drips))
    ):
        return None
    if not seen.verified and not drips:
        return None
    after, usual = seen.record.witness_after_per_s, seen.record.baseline.bytes_per_s
    resumed = after is not None and after >= _RESUMED_SHARE * usual
    end = "was gone" if seen.stall.vanishes else "read again"
    at_once = seen.refused_bytes < _AT_ONCE_BYTES
    stopped = (facts.quiet or facts.gap_s >= _STOPPED_S) and facts.gap_s >= explained_s(seen)
    if resumed and (at_once or (stopped and _promptly(seen))):
        given = "nothing more" if facts.quiet else f"{share or 0.0:.0%} of its stream"
        return Judgement(
            outcome=Outcome.BLOCKS_EVERYONE,
            confidence=Confidence.HIGH if at_once and _promptly(seen) else Confidence.MEDIUM,
            because=f"the witness received {given} once the kernels "
            + ("accepted no more" if at_once else f"had refused {format_size(seen.refused_bytes)}")
            + f" for the stalled client, and received its stream again when the stalled client {end}",
        )
    if resumed or not at_once or not seen.record.visible:
        return None  # the stream paused or ended during the stall: later rules judge what came before
    if _answers_nobody(seen):
        return Judgement(
            outcome=Outcome.BLOCKS_EVERYONE,
            confidence=Confidence.MEDIUM,
            because="the witness received nothing more once the kernels accepted no more for the stalled "
            f"client, it received nothing after the stalled client {end} either, and its Pings were no "
            "longer answered: the server serves no client any more",
        )
    return inconclusive(
        "the stream ended during the stall and did not continue after the wake; after its wake the stalled "
        f"client received {format_size(seen.record.beyond_bytes)} beyond "
        "what the kernels held: a response that was complete looks the same",
        "a stream that lasts some seconds longer; if this one does without a stalled client, probe again",
    )


def _answers_nobody(seen: Observation) -> bool:
    """Whether the witness's Pings were answered before the stall, but not during the stall and after the
    wake.
    """
    before, during, after = (
        seen.record.periods.baseline,
        seen.record.periods.stall,
        seen.record.periods.wake,
    )
    if before is None or before.latency is None or not before.latency.pongs:
        return False
    return all(
        one is not None and one.latency is not None and one.latency.max_s >= _UNANSWERED * one.seconds
        for one in (during, after)
    )


def _promptly(seen: Observation) -> bool:
    """Whether the witness's stream went on because the stalled client read, and not merely some time
    later.
    """
    after = seen.record.resumed_after_s
    return seen.stall.vanishes or (
        after is not None and after <= _PROMPT_S + seen.refused_bytes / _DRAINED_PER_S
    )
