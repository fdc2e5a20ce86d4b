"""Decides whether the machine explains a timing: the server is not to blame while the machine runs others.

Every rule that blames a server for a delay asks this module first. If the server's threads could not be
read, the only sign is this program's own lateness, and the server may have been later than that.
"""

from ..observe.observation import Observation
from ..observe.silence import withheld_between
from .facts import Facts

_LAGS = 4
"""If this program did not run for some time, the server may not have run for this many times as long."""
_HASTY = 0.5
"""If this program did not run for this share of the baseline, rates before and after do not compare."""
_LATE_S = 0.5
"""If this program did not run for this many seconds at once during the stall, rates before and after do
not compare.
"""
_LEAK_LAG_S = 0.25
"""If this program did not run for this many seconds at once after the client's end, neither may the server
have, which then may not have noticed the end.
"""
_FORGOTTEN_LAG_S = 1.0
"""If this program did not run for this many seconds at once after the wake, neither may the server have,
which then may not have had time to send the stalled client more.
"""
_MOSTLY = 0.5
_ALIKE = 0.1
"""Two shares of time that the machine withheld are alike if they differ by no more than this."""
_NOTICE_S = 1.5
"""A server has noticed that a client is gone after this many seconds that the machine did not withhold."""


def net_silence_s(seen: Observation, facts: Facts) -> float:
    """The longest time during the stall in which the server could have sent the witness something and did
    not.
    """
    if facts.net_gap_s is None:
        return facts.gap_s if facts.gap_s > _LAGS * seen.record.stall_lag_s else 0.0
    return facts.net_gap_s


def net_freeze_s(seen: Observation) -> float:
    """As ``net_silence_s``, for the time after the wake."""
    if seen.record.drain_net_gap_s is None:
        return seen.record.drain_gap_s if seen.record.drain_gap_s > _LAGS * seen.record.own_lag_s else 0.0
    return seen.record.drain_net_gap_s


def rates_compare(seen: Observation, facts: Facts) -> bool:
    """Whether the witness's rate during the stall may be compared with its rate before. If the machine
    withheld most of the time, no correction makes the rates comparable, since the server may need the rest
    for other work. They compare without one if the machine withheld as large a share before the stall.
    """
    if seen.record.still_joining:  # the rate before the stall was that of a snapshot
        return False
    if facts.net_share is not None:
        return not withheld_most(seen) or _withheld_as_before(seen)
    before = seen.record.periods.baseline
    lag_s = 0.0 if before is None or before.latency is None else before.latency.own_lag_s
    return lag_s < _HASTY * seen.record.baseline.seconds and seen.record.stall_lag_s < _LATE_S


def withheld_most(seen: Observation) -> bool:
    """Whether the machine withheld most of the stall, so that a living client was slow for this reason,
    too.
    """
    return (_withheld_share(seen) or 0.0) > _MOSTLY


def _withheld_as_before(seen: Observation) -> bool:
    now, before = _withheld_share(seen), seen.record.baseline.withheld_share
    return now is not None and before is not None and abs(now - before) <= _ALIKE


def _withheld_share(seen: Observation) -> float | None:
    """The share of the stall that the machine withheld; None: not known."""
    first, last = seen.samples[0], seen.samples[-1]
    withheld_s = withheld_between(first, last)
    return None if withheld_s is None else withheld_s / max(last.at_s - first.at_s, 1e-3)


def had_its_turn(seen: Observation) -> bool:
    """Whether the server had time after the wake to send the stalled client more."""
    if seen.record.after_withheld_s is None:
        return seen.record.own_lag_s < _FORGOTTEN_LAG_S
    return seen.record.after_withheld_s < _MOSTLY * seen.record.drain_s


def could_notice(seen: Observation) -> bool:
    """Whether the server had time to notice that the client has gone."""
    if seen.record.after_withheld_s is None:
        after = seen.record.periods.wake
        return after is None or after.latency is None or after.latency.own_lag_s < _LEAK_LAG_S
    given, before = seen.record.witness_after_per_s, seen.record.baseline.bytes_per_s
    goes_on = given is not None and before > 0 and given >= _MOSTLY * before
    # a server that goes on sending to others also checks its sockets
    return goes_on or seen.record.gone_s - seen.record.after_withheld_s >= _NOTICE_S
