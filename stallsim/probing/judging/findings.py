"""What was seen beside the outcome. Each finding is one question to the observation."""

from ...timeline.probed.measures import GROWN_MIN_BYTES
from ...timeline.probed.outcomes import Finding, Outcome
from ...timeline.probed.stall_record import Baseline
from ..observe.observation import Observation
from ..trial.after_vanish import LEAK_MIN_PER_S
from .cut import healthy_cuts
from .facts import ENDED_SHARE, Facts
from .given_up import close_waits
from .machine import could_notice, net_freeze_s, net_silence_s, rates_compare
from .plausible import could_be_kept

_STARVED_SHARE, _PRESSED_MIN_S = 0.6, 1.0
_GAP_S, _OWN_GAP_S, _GAPS, _FROZEN_GAPS = 0.75, 0.5, 4, 10
"""A silence of the first; the second is less what the machine withheld, which is rather too much: this
program's own waiting is in it, and holds no server up."""
_FREEZE_S, _PAUSES = 0.5, 1.5
_LEAK_SHARE, _WARM_UP_BYTES = 0.5, 2 * 10**6
"""Less than so much is what its first clients cost a server: no growth that goes on."""
_PINGS_MIN, _INTERVALS, _WHOLE = 3, 3, 0.9


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
    """A stream that has ended for good is no finding, whatever the stall; nor is one that never was."""
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
    slow = max(facts.share, facts.net_share or 0.0) < _STARVED_SHARE
    if after is not None:  # as little as afterwards, too, is its usual pace
        slow = slow and facts.share * seen.record.baseline.bytes_per_s < _STARVED_SHARE * after
    return slow and not facts.witness_behind and rates_compare(seen, facts)


def _freezes(seen: Observation, facts: Facts, outcome: Outcome) -> bool:
    """It is no finding where this program did not look, or where the stream pauses at other times, too."""
    if outcome in (Outcome.BLOCKS_EVERYONE, Outcome.BACKPRESSURE_ISOLATED) or seen.stall.vanishes:
        return False  # with no backlog to give, nothing keeps the server from the others
    if not seen.record.baseline.has_stream:
        return False
    stall = seen.record.periods.stall
    waits_s = (
        0.0 if stall is None or stall.latency is None else stall.latency.max_s
    )  # of Pings before the wake
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
    after = seen.record.witness_after_per_s  # before the stall a busy server may have been catching up
    share = 1.0 if after is None else min(1.0, after / max(before.bytes_per_s, 1.0))
    return could_be_kept(growth, share * before.bytes_per_s, share * _messages_per_s(before))


def _heap_is_not_collected(seen: Observation, facts: Facts) -> bool:
    """Whether memory grew during the stall by more than what was refused can take: then it contains what
    the server throws away, and goes on growing until its collector runs.
    """
    grown = (facts.memory_growth_bytes or 0) - GROWN_MIN_BYTES
    return not could_be_kept(grown, max(0, seen.refused_bytes), max(0.0, facts.refused_messages))


def _grew_before_per_s(seen: Observation) -> float:
    """A program that has just started, or has a heap that is collected now and then, grows at any time.

    What was kept for the client that was to stall is no such growth: its receive buffer is so small that on
    a busy machine it falls behind while it reads. Nor is what grew while it was still sent what clients are
    sent on joining: by how much it was behind is not known then.
    """
    before = seen.record.baseline
    behind = max(0.0, 1.0 - before.pace)
    kept = could_be_kept(before.memory_per_s, behind * before.bytes_per_s, behind * _messages_per_s(before))
    warm = before.memory_per_s * before.seconds >= _WARM_UP_BYTES
    return before.memory_per_s if warm and not (kept or seen.record.still_joining) else 0.0


def _messages_per_s(before: Baseline) -> float:
    return before.messages / max(before.seconds, 1e-3)


def _blind(seen: Observation, facts: Facts) -> bool:
    """The server sends Pings, gets no Pong for three of its own intervals, and goes on; or it never sends
    one, and nothing else would show it that a client is gone.
    """
    if seen.record.end is not None or seen.stall.healthy:
        return False
    if seen.record.keepalive_s is not None and not seen.record.pings and seen.record.has_ping:
        shows = seen.record.baseline.has_stream and seen.stall.reads_all
        return facts.stalled_s >= _WHOLE * seen.record.keepalive_s and not shows
    if seen.record.ping_interval_s is None or seen.record.pings < _PINGS_MIN:
        return False
    return facts.stalled_s >= _INTERVALS * seen.record.ping_interval_s
