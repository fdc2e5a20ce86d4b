"""Computes the limits of what the server held for the stalled client: at least, and at most.

Messages that came after the wake were held. Messages that never came may have been held, dropped, or never
made. So the two limits are equal only if the messages show which of them waited. Memory can raise the lower
limit, and never lowers the upper one: a heap may have had room. Neither do missing messages: the refused
bytes minus the missing ones would be a small difference of two large numbers.
"""

from typing import NamedTuple, assert_never

from ...timeline.probed.measures import GROWN_MIN_BYTES, LEFT_SHARE
from ...timeline.probed.outcomes import Confidence, Dropped, Outcome
from ..judging.by_memory import has_grown, is_flat
from ..judging.facts import Facts
from ..judging.judgement import Judgement
from ..judging.plausible import could_be_kept, least_payload
from ..observe.observation import Observation
from ..spec import KERNEL_ROOM_BYTES
from .shown_bound import keeps_for_ever, was_larger

_FEW = 10
"""If fewer messages than this waited, the rest of the one that was being sent counts in the upper limit."""
_LATE_MIN = 2
"""If a server that keeps the oldest messages drops at least this many after the wake, its queue filled
faster than it was emptied.
"""


class HeldLimits(NamedTuple):
    """Bytes of payload that the server held for the stalled client."""

    number: int
    """The bytes that came late, or else all that may have waited; the limits say how certain it is."""
    at_least: int
    at_most: int | None
    """None: not known."""


def held_by(seen: Observation, facts: Facts, judged: Judgement) -> HeldLimits:
    """The limits for this outcome."""
    number, at_least, at_most = _of_outcome(seen, facts, judged)
    if not seen.record.visible:  # an unknown part of this waited in the server's kernel
        at_least -= KERNEL_ROOM_BYTES
    at_least = max(0, at_least)
    return HeldLimits(number, at_least if at_most is None else min(at_least, at_most), at_most)


def _of_outcome(seen: Observation, facts: Facts, judged: Judgement) -> HeldLimits:
    record = seen.record
    given = seen.refused_bytes + record.joining_bytes  # the server was given no more for this client
    match judged.outcome:
        case Outcome.UNBOUNDED_GROWTH | Outcome.GROWTH:
            kept = judged.kept_bytes + record.joining_bytes
            late = judged.confidence is Confidence.LOW and is_flat(facts)  # they may have been made late
            return HeldLimits(kept, 0 if judged.by_memory or late else kept, max(kept, given))
        case Outcome.DISCONNECTS:
            # a client that was still receiving what the server sends on joining had more to come
            more = record.still_joining or seen.stall.from_the_start
            least = max(_came_late(seen), _freed(seen, facts))
            return HeldLimits(given, least, None if more else given)
        case Outcome.BACKPRESSURE_ISOLATED:  # what came late may have been made late
            most = max(0, round(seen.refused_bytes - _not_given_bytes(seen)))
            return HeldLimits(most, 0, most)
        case Outcome.BOUNDED_DROPS:
            if judged.given_up:
                came = min(record.beyond_bytes, seen.refused_bytes)
                return HeldLimits(came, came, given if was_larger(seen, facts, came) else came)
            waited, message_bytes = _waited_bytes(seen), record.comparison.message_bytes
            few = waited < _FEW * message_bytes
            most = waited + round(message_bytes) if few else waited
            if _more_may_have_waited(seen, facts, waited) or was_larger(seen, facts, most):
                most = max(most, given)
            return HeldLimits(waited, waited, None if keeps_for_ever(seen, judged) else most)
        case Outcome.INCONCLUSIVE:  # the bytes came after the wake: kept, or made late
            ended = not record.baseline.has_stream  # no stream in the stall, so nothing was refused
            came = record.beyond_bytes if ended else min(record.beyond_bytes, seen.refused_bytes)
            return HeldLimits(came, 0, None)
        case Outcome.BLOCKS_EVERYONE | Outcome.SERVED:
            came = min(_came_late(seen), given)
            return HeldLimits(came, came, given)
        case _:
            assert_never(judged.outcome)


def _more_may_have_waited(seen: Observation, facts: Facts, waited_bytes: int) -> bool:
    """Whether a server that drops may have held more than ``waited_bytes``.

    If it also drops after the wake, it may drop messages that had waited until then, which are not counted;
    unless all waiting messages came before the gap and memory did not grow. A client that goes on reading
    slowly is overtaken by a server that drops the oldest messages, and nothing shows when. Missing messages
    may also have come in another form.
    """
    compared, grown = seen.record.comparison, facts.memory_growth_bytes
    if compared.missing_may_be_others:
        return True
    messages = waited_bytes / max(1.0, compared.message_bytes)
    little = grown is not None and could_be_kept(grown - GROWN_MIN_BYTES, waited_bytes, messages)
    exact = little and compared.dropped is Dropped.NEWEST
    overtaken = seen.stall.reads_slowly and compared.dropped is Dropped.OLDEST
    return (compared.missing_late >= _LATE_MIN or overtaken) and not exact


def _waited_bytes(seen: Observation) -> int:
    """Bytes that waited in a server that drops, counted by the messages that came after the wake."""
    record, compared = seen.record, seen.record.comparison
    if compared.waited is None:
        return max(0, round(seen.refused_bytes - compared.missing_until_wake * compared.message_bytes))
    first = seen.samples[0]
    read_bytes = first.received_bytes - first.rcvq_bytes
    joining = max(0, (compared.joining_bytes or 0) - read_bytes) if record.joining_bytes else 0
    waited = joining + round(compared.waited * compared.message_bytes) - seen.kernel_bytes
    # a connection that has ended: what had not come by then did not wait for this client
    return max(0, waited if record.end is None else min(waited, record.beyond_bytes))


def _not_given_bytes(seen: Observation) -> float:
    return seen.record.comparison.lag_end * seen.record.comparison.message_bytes


def _came_late(seen: Observation) -> int:
    """Bytes that came after the wake, had not waited in a kernel, and were made before the wake: the
    witness had received them by then, or the server had already ended the connection.
    """
    record, compared = seen.record, seen.record.comparison
    if record.end is not None and record.end.decided_after_s is not None:
        return record.beyond_bytes
    if not compared.same:
        return 0
    came = compared.kept_bytes / max(1.0, compared.message_bytes) * _wire_bytes(seen)
    return max(0, min(record.beyond_bytes, round(came) - seen.kernel_bytes))


def _wire_bytes(seen: Observation) -> float:
    """The bytes of a message as they count in the kernels: fewer than its payload if it is compressed."""
    before = seen.record.baseline
    on_the_wire = before.bytes_per_s * before.seconds / max(1, before.messages)
    return min(seen.record.comparison.message_bytes, on_the_wire)


def _freed(seen: Observation, facts: Facts) -> int:
    """Bytes that the server's memory shows to have been held for a client whose connection it ended: memory
    had grown with the refused bytes, and was given back after the end. 0 if memory shows nothing.
    """
    ending = seen.record.ending
    if ending is None or ending.freed_after_s is None or ending.grown_bytes is None or not has_grown(facts):
        return 0
    freed_bytes = (1 - LEFT_SHARE) * ending.grown_bytes - GROWN_MIN_BYTES
    return round(least_payload(freed_bytes, seen.record.comparison.message_bytes))
