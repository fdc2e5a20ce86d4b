"""Computes how much the server held for the stalled client."""

from typing import assert_never

from ...timeline.probed.measures import GROWN_MIN_BYTES
from ...timeline.probed.outcomes import Dropped, Outcome
from ..judging.facts import Facts
from ..judging.judgement import Judgement
from ..judging.plausible import could_be_kept
from ..observe.observation import Observation

_LARGE_BYTES = 2**18
"""Bytes. If a message of this size was half sent when the stall began, its rest waits as well and is not
counted.
"""
_LATE_MIN = 2
"""If a server that keeps the oldest messages drops at least this many after the wake, its queue filled
faster than it was emptied.
"""


def held_bytes_of(seen: Observation, judged: Judgement) -> int:
    """The refused bytes that the server held for this client in the end, or sent it later."""
    match judged.outcome:
        case Outcome.UNBOUNDED_GROWTH | Outcome.GROWTH:
            return judged.kept_bytes + seen.record.joining_bytes
        case Outcome.DISCONNECTS:
            return seen.refused_bytes + seen.record.joining_bytes
        case Outcome.BACKPRESSURE_ISOLATED:
            not_given = seen.record.comparison.lag_end * seen.record.comparison.message_bytes
            return max(0, round(seen.refused_bytes - not_given))
        case Outcome.BOUNDED_DROPS:
            if judged.given_up:
                return min(seen.record.beyond_bytes, seen.refused_bytes)
            return _waited_bytes(seen)
        case Outcome.INCONCLUSIVE:  # the bytes came after the wake: kept, or made late
            ended = not seen.record.baseline.has_stream  # no stream in the stall, so nothing was refused
            return seen.record.beyond_bytes if ended else min(seen.record.beyond_bytes, seen.refused_bytes)
        case Outcome.BLOCKS_EVERYONE | Outcome.SERVED:
            return 0
        case _:
            assert_never(judged.outcome)


def more_may_be_held(seen: Observation, facts: Facts, judged: Judgement, held_bytes: int) -> bool:
    """Whether the server may have held more than ``held_bytes``.

    A server that also drops after the wake may drop messages that had waited until then, which are not
    counted; unless all waiting messages came before the gap and memory did not grow. And for a client that
    was still receiving what the server sends on joining, or had read none of it, the server held that,
    too.
    """
    if judged.outcome is Outcome.DISCONNECTS:
        return seen.record.still_joining or seen.stall.from_the_start
    grown, message_bytes = facts.memory_growth_bytes, seen.record.comparison.message_bytes
    messages = held_bytes / max(1.0, message_bytes)
    half_sent = message_bytes >= _LARGE_BYTES and held_bytes < message_bytes
    little = grown is not None and could_be_kept(grown - GROWN_MIN_BYTES, held_bytes, messages)
    drops = judged.outcome is Outcome.BOUNDED_DROPS and not judged.given_up
    exact = little and seen.record.comparison.dropped is Dropped.NEWEST
    late = seen.record.comparison.missing_late >= _LATE_MIN
    return drops and (half_sent or (late and not exact))


def _waited_bytes(seen: Observation) -> int:
    """Bytes that waited in a server that drops, counted by the messages that came after the wake. The
    refused bytes minus the missing ones would be a small difference of two large numbers.
    """
    record, compared = seen.record, seen.record.comparison
    if compared.waited is None:
        return max(0, round(seen.refused_bytes - compared.missing_until_wake * compared.message_bytes))
    first = seen.samples[0]
    read_bytes = first.received_bytes - first.rcvq_bytes
    joining = max(0, (compared.joining_bytes or 0) - read_bytes) if record.joining_bytes else 0
    return max(0, joining + round(compared.waited * compared.message_bytes) - seen.kernel_bytes)
