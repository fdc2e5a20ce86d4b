"""Finds what a server did besides the outcome. Each finding answers one question about the observation."""

from ...timeline.probed.measures import GROWN_MIN_BYTES
from ...timeline.probed.outcomes import Finding, Outcome
from ...timeline.probed.stall_record import Baseline
from ..observe.observation import Observation
from ..trial.after_vanish import LEAK_MIN_PER_S
from .cut import healthy_cuts
from .facts import ENDED_SHARE, Facts
from .given_up import close_waits
from .machine import could_notice, net_freeze_s, net_silence_s, rates_compare, withheld_most
from .plausible import could_be_kept

_STARVED_SHARE = 0.6
"""A witness that receives less than this share of its usual rate during the stall is starved."""
_STARVED_SHARE_BUSY = 0.3
"""The same if the machine withheld most of the stall: what is left of the time varies more."""
_PRESSED_MIN_S = 1.0
"""The least seconds over which that rate is measured."""
_GAP_S = 0.75
"""The least silence of the witness, in seconds, that is a finding."""
_OWN_GAP_S = 0.5
"""The least silence without the seconds that the machine withheld. It is smaller, since the withheld
seconds include times when only this program waited, which hold up no server.
"""
_GAPS = 4
"""A silence must also be this many times the longest gap in the baseline."""
_FROZEN_GAPS = 10
"""A silence after the wake must also be this many times the longest gap in the baseline."""
_FREEZE_S = 0.5
"""The least silence of the witness after the wake, in seconds, that is a finding."""
_PAUSES = 1.5
"""A silence must also be this many times the longest one at other times."""
_LEAK_SHARE = 0.5
"""The least growth of memory after a client's end that is a leak, as a share of the stream's rate."""
_WARM_UP_BYTES = 2 * 10**6
"""Growth below this in the baseline comes from the server's first clients and does not go on."""
_PINGS_MIN = 3
"""The least Pings in the stall that show that the server does not act on missing Pongs."""
_INTERVALS = 3
"""The least length of the stall for that, in intervals of the server's Pings."""
_WHOLE = 0.9
"""The share of ``keepalive`` that the stall must have lasted to show that a server sends no Pings."""


def findings_of(seen: Observation, facts: Facts, outcome: Outcome) -> tuple[Finding, ...]:
    """All findings that hold, in the order of the enum."""
    asked = {
        Finding.STARVES_OTHERS: _starves(seen, facts, outcome),
        Finding.FREEZES_ON_RESUME: _freezes(seen, facts, outcome),
        Finding.CLOSE_WAITS: close_waits(seen) and not seen.stall.reads_all,
        Finding.LEAKS_AFTER_CLOSE: _leaks(seen, facts),
        Finding.DROPS_SILENTLY: outcome is Outcome.BOUNDED_DROPS
        and not (seen.record.comparison.notices or close_waits(seen)),
        Finding.KEEPALIVE_BLIND: _blind(seen, facts),
        Finding.CUTS_HEALTHY_CLIENTS: bool(healthy_cuts(seen)),
    }
    return tuple(finding for finding, holds in asked.items() if holds)


def _starves(seen: Observation, facts: Facts, outcome: Outcome) -> bool:
    """Whether the server starves other clients. A stream that has ended or never was does not show that."""
    if outcome in (Outcome.BLOCKS_EVERYONE, Outcome.INCONCLUSIVE) or not seen.record.baseline.has_stream:
        return False
    after = seen.record.witness_after_per_s
    if after is not None and after < ENDED_SHARE * seen.record.baseline.bytes_per_s:
        return False
    usual_s = max(_GAPS * seen.record.baseline.worst_gap_s, _PAUSES * seen.record.drain_gap_s)
    if facts.gap_s >= _GAP_S and net_silence_s(seen, facts) >= max(_OWN_GAP_S, usual_s):
        return True
    if facts.share is None or facts.pressed_s < _PRESSED_MIN_S:
        return False
    starved = _STARVED_SHARE_BUSY if withheld_most(seen) else _STARVED_SHARE
    slow = max(facts.share, facts.net_share or 0.0) < starved
    if after is not None:  # a rate that is as low after the wake is the stream's usual rate
        slow = slow and facts.share * seen.record.baseline.bytes_per_s < starved * after
    return slow and not facts.witness_behind and rates_compare(seen, facts)


def _freezes(seen: Observation, facts: Facts, outcome: Outcome) -> bool:
    """Whether the witness's stream freezes when the stalled client reads again.

    Times in which this program did not look, and pauses as long as the stream's own, do not count.
    """
    if outcome in (Outcome.BLOCKS_EVERYONE, Outcome.BACKPRESSURE_ISOLATED) or seen.stall.vanishes:
        return False  # the server has no backlog to send, so nothing keeps it from serving others
    if not seen.record.baseline.has_stream:
        return False
    stall = seen.record.periods.stall
    waits_s = (
        0.0 if stall is None or stall.latency is None else stall.latency.max_s
    )  # the longest wait of a Ping before the wake
    usual_s = _PAUSES * max(facts.gap_s, waits_s)
    return net_freeze_s(seen) >= max(_FREEZE_S, _FROZEN_GAPS * seen.record.baseline.worst_gap_s, usual_s)


def _leaks(seen: Observation, facts: Facts) -> bool:
    growth = seen.record.growth_after_close_per_s
    if growth is None or not seen.stall.vanishes:
        return False
    if not could_notice(seen) or _heap_is_not_collected(seen, facts):
        return False
    before = seen.record.baseline
    if growth - _grew_before_per_s(seen) <= max(LEAK_MIN_PER_S, _LEAK_SHARE * before.bytes_per_s):
        return False
    if not before.has_stream:
        return True
    after = seen.record.witness_after_per_s  # before the stall the rate may have been that of a catch-up
    share = 1.0 if after is None else min(1.0, after / max(before.bytes_per_s, 1.0))
    return could_be_kept(growth, share * before.bytes_per_s, share * _messages_per_s(before))


def _heap_is_not_collected(seen: Observation, facts: Facts) -> bool:
    """Whether memory grew during the stall by more than the refused messages can take. The heap then
    contains garbage, and goes on growing until the collector runs.
    """
    grown = (facts.memory_growth_bytes or 0) - GROWN_MIN_BYTES
    return not could_be_kept(grown, max(0, seen.refused_bytes), max(0.0, facts.refused_messages))


def _grew_before_per_s(seen: Observation) -> float:
    """The growth of memory in the baseline, in bytes per second, that goes on without a stall.

    A program that has just started, or whose heap is collected at times, grows at any time. Two kinds of
    growth are left out: messages kept for the client that is to stall, which may fall behind with its
    small receive buffer; and growth while that client was still receiving what the server sends on
    joining.
    """
    before = seen.record.baseline
    behind = max(0.0, 1.0 - before.pace)
    kept = could_be_kept(before.memory_per_s, behind * before.bytes_per_s, behind * _messages_per_s(before))
    warm = before.memory_per_s * before.seconds >= _WARM_UP_BYTES
    return before.memory_per_s if warm and not (kept or seen.record.still_joining) else 0.0


def _messages_per_s(before: Baseline) -> float:
    return before.messages / max(before.seconds, 1e-3)


def _blind(seen: Observation, facts: Facts) -> bool:
    """Whether the server does not notice that a client is gone: it sends Pings, receives no Pong for three
    of its intervals, and goes on; or it sends no Ping at all, and nothing else would show that the client
    is gone.
    """
    if seen.record.end is not None or seen.stall.healthy:
        return False
    if seen.record.keepalive_s is not None and not seen.record.pings and seen.record.has_ping:
        shows = seen.record.baseline.has_stream and seen.stall.reads_all
        return facts.stalled_s >= _WHOLE * seen.record.keepalive_s and not shows
    if seen.record.ping_interval_s is None or seen.record.pings < _PINGS_MIN:
        return False
    return facts.stalled_s >= _INTERVALS * seen.record.ping_interval_s
