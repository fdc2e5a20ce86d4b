"""Finds what a server did besides the outcome. Each finding answers one question about the observation."""

from ...timeline.probed.outcomes import Finding, Outcome
from ..observe.observation import Observation
from .cut import healthy_cuts
from .facts import ENDED_SHARE, Facts
from .given_up import close_waits
from .judgement import Judgement
from .leaks import leaks
from .machine import net_freeze_s, net_silence_s, rates_compare, withheld_most
from .own_pauses import GAPS, PAUSES, explained_s, share_between_pauses

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
_FROZEN_GAPS = 10
"""A silence after the wake must also be this many times the longest gap in the baseline."""
_FREEZE_S = 0.5
"""The least silence of the witness after the wake, in seconds, that is a finding."""
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
        Finding.LEAKS_AFTER_CLOSE: leaks(seen, facts),
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
    usual_s = max(
        GAPS * seen.record.baseline.worst_gap_s, PAUSES * seen.record.drain_gap_s, explained_s(seen)
    )
    if facts.gap_s >= _GAP_S and net_silence_s(seen, facts) >= max(_OWN_GAP_S, usual_s):
        return True
    starved = _STARVED_SHARE_BUSY if withheld_most(seen) else _STARVED_SHARE
    compare = not facts.witness_behind and rates_compare(seen, facts)
    return compare and _is_slow(seen, facts, starved)


def others_known(seen: Observation, facts: Facts, judged: Judgement) -> bool:
    """Whether the witness's rate shows whether other clients were starved. It does not if it was low, and
    the machine, or this program, may be the reason.
    """
    harmed = judged.outcome is Outcome.BLOCKS_EVERYONE or Finding.STARVES_OTHERS in judged.findings
    if harmed or not seen.record.baseline.has_stream:
        return True
    reason = withheld_most(seen) or facts.witness_behind or not rates_compare(seen, facts)
    return not (reason and _is_slow(seen, facts, _STARVED_SHARE))


def _is_slow(seen: Observation, facts: Facts, starved: float) -> bool:
    """Whether the witness received less than this share of its usual rate during the stall."""
    if facts.share is None or facts.pressed_s < _PRESSED_MIN_S:
        return False
    slow = share_between_pauses(seen, facts) < starved
    rate = facts.share * seen.record.baseline.bytes_per_s
    control = None if seen.control is None else seen.control.bytes_per_s
    for usual in (seen.record.witness_after_per_s, control):
        if usual is not None:  # the rate in the baseline may have been that of a catch-up
            slow = slow and rate < starved * usual
    return slow


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
    usual_s = max(PAUSES * max(facts.gap_s, waits_s), explained_s(seen))
    return net_freeze_s(seen) >= max(_FREEZE_S, _FROZEN_GAPS * seen.record.baseline.worst_gap_s, usual_s)


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
