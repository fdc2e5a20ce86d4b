"""The rule for a server whose memory goes on growing for a client that has gone."""

from ...timeline.probed.measures import GROWN_MIN_BYTES
from ...timeline.probed.stall_record import Baseline
from ..observe.observation import Observation
from ..trial.baseline import MEMORY_S
from ..trial.leak_watch import LEAK_MIN_PER_S, LEAK_SHARE
from .facts import Facts
from .machine import could_notice
from .plausible import could_be_kept

_WARM_UP_BYTES = 2 * 10**6
"""Growth below this in a short baseline comes from the server's first clients and does not go on."""


def leaks(seen: Observation, facts: Facts) -> bool:
    """Whether memory grew after the client's end, by more than it grows without a stalled client, and by no
    more than the stream can explain.
    """
    growth = seen.record.growth_after_close_per_s
    if growth is None or not seen.stall.vanishes:
        return False
    if not could_notice(seen) or _heap_is_not_collected(seen, facts):
        return False
    before = seen.record.baseline
    if growth - _grows_anyway_per_s(seen) <= max(LEAK_MIN_PER_S, LEAK_SHARE * before.bytes_per_s):
        return False
    if not before.has_stream:
        return True
    share = min(1.0, _pace_after(seen))  # before the stall the rate may have been that of a catch-up
    return could_be_kept(growth, share * before.bytes_per_s, share * _messages_per_s(before))


def _heap_is_not_collected(seen: Observation, facts: Facts) -> bool:
    """Whether memory grew during the stall by more than the refused messages can take. The heap then
    contains garbage, and goes on growing until the collector runs.
    """
    grown = (facts.memory_growth_bytes or 0) - GROWN_MIN_BYTES
    return not could_be_kept(grown, max(0, seen.refused_bytes), max(0.0, facts.refused_messages))


def _grows_anyway_per_s(seen: Observation) -> float:
    """The growth of memory in bytes per second that goes on without a stalled client, as measured in the
    baseline.

    A log of all messages grows with them, a program that has just started, or whose heap is collected at
    times, grows at any time. Two kinds of growth are left out: messages kept for the client that is to
    stall, which may fall behind with its small receive buffer; and growth while that client was still
    receiving what the server sends on joining.
    """
    before = seen.record.baseline
    behind = max(0.0, 1.0 - before.pace)
    kept = could_be_kept(before.memory_per_s, behind * before.bytes_per_s, behind * _messages_per_s(before))
    warm = before.seconds >= MEMORY_S or before.memory_per_s * before.seconds >= _WARM_UP_BYTES
    if not warm or kept or seen.record.still_joining:
        return 0.0
    return before.memory_per_s * max(1.0, _pace_after(seen))


def _pace_after(seen: Observation) -> float:
    """The witness's rate after the client's end, as a multiple of its rate before the stall."""
    after, before = seen.record.witness_after_per_s, seen.record.baseline.bytes_per_s
    return 1.0 if after is None or not before else after / before


def _messages_per_s(before: Baseline) -> float:
    return before.messages / max(before.seconds, 1e-3)
