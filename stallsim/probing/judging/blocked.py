"""The rule for a server that makes everybody wait for one client: the witness received nothing until the
stalled client read.

A stream that pauses or ends of its own accord looks the same until the wake.
"""

from ...timeline.probed.outcomes import Confidence, Outcome
from ...units import format_size
from ..observe.observation import Observation
from .facts import Facts
from .judgement import Judgement, inconclusive

_BLOCKED_SHARE = 0.1
_RESUMED_SHARE = 0.3
_AT_ONCE_BYTES = 2**18
"""A server that waits for a full kernel has produced no more than this beyond what the kernel accepted."""
_UNANSWERED = 0.5
"""The part of a period for which a Ping waited. It had no Pong by the end of the period, or a very late
one."""
_PROMPT_S, _DRAINED_PER_S = 0.4, 10e6
"""If the witness was made to wait, it goes on at least so fast once the other client has read what had
waited for it."""


def blocked(seen: Observation, facts: Facts) -> Judgement | None:
    """None: the stalled client kept nobody waiting, or this cannot be seen."""
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
    end = "was gone" if seen.stall.vanishes else "read"
    at_once = seen.refused_bytes < _AT_ONCE_BYTES
    if resumed and (at_once or _promptly(seen)):
        given = "nothing more" if facts.quiet else f"{share or 0.0:.0%} of its stream"
        return Judgement(
            outcome=Outcome.BLOCKS_EVERYONE,
            confidence=Confidence.HIGH if at_once and _promptly(seen) else Confidence.MEDIUM,
            because=f"the witness was given {given} once the stalled client's "
            + ("kernel was full" if at_once else "queue had grown so long")
            + f", and the stream again when that one {end}",
        )
    if resumed or not at_once or not seen.record.visible:
        return None  # a stream that paused or ended during the stall: what came of it until then is judged
    if _answers_nobody(seen):
        return Judgement(
            outcome=Outcome.BLOCKS_EVERYONE,
            confidence=Confidence.MEDIUM,
            because="the witness was given nothing more once the stalled client's kernel was full, nothing "
            f"after that one {end}, either, and its Pings had no answer any more: the server is dead for "
            "all",
        )
    return inconclusive(
        "the stream ended during the stall and did not go on after the wake; the stalled client was given "
        f"{format_size(seen.record.beyond_bytes)} after its wake beyond "
        "what the kernels held: an answer that was complete looks like that",
        "a stream that goes on for some seconds more; if it does without a stalled client, probe again",
    )


def _answers_nobody(seen: Observation) -> bool:
    """The witness's Pings were answered before the stall, and not during the stall or after the wake."""
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
    """Whether the witness's stream went on when the stalled client read, and not merely some time later."""
    after = seen.record.resumed_after_s
    return seen.stall.vanishes or (
        after is not None and after <= _PROMPT_S + seen.refused_bytes / _DRAINED_PER_S
    )
