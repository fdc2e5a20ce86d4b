"""Which part of a timing is the machine's: while it runs others, the server cannot be blamed for anything.

Whatever is said of a server because of time is asked here first. Where the threads of the server could not
be read, this program's own lateness is the only sign, and the server may have been later than that.
"""

from ..observe.observation import Observation
from ..observe.silence import withheld_between
from .facts import Facts

_LAGS = 4
"""Where this program was kept from running for a while, so may the server have been, some times as long."""
_HASTY, _LATE_S, _LEAK_LAG_S, _FORGOTTEN_LAG_S = 0.5, 0.5, 0.25, 1.0
"""Where this program was late in so much of its baseline, or for so long at once, the server may have been
given less time as well. Nor has it then had the time for what is done in so many seconds."""
_MOSTLY = 0.5
_NOTICE_S = 1.5
"""A server that had so much time of its own has seen that a client is gone, however long that took."""


def net_silence_s(seen: Observation, facts: Facts) -> float:
    """The longest time during the stall in which the server could have given the witness something, and
    gave nothing.
    """
    if facts.net_gap_s is None:
        return facts.gap_s if facts.gap_s > _LAGS * seen.record.stall_lag_s else 0.0
    return facts.net_gap_s


def net_freeze_s(seen: Observation) -> float:
    """The same after the wake."""
    if seen.record.drain_net_gap_s is None:
        return seen.record.drain_gap_s if seen.record.drain_gap_s > _LAGS * seen.record.own_lag_s else 0.0
    return seen.record.drain_net_gap_s


def rates_compare(seen: Observation, facts: Facts) -> bool:
    """Whether the witness's rate during the stall may be compared with its rate before. Who is given less
    time may need all of it for something else, so that no sum corrects for most of it.
    """
    if seen.record.still_joining:  # the rate before was that of a snapshot
        return False
    if facts.net_share is not None:
        return not withheld_most(seen)
    before = seen.record.periods.baseline
    lag_s = 0.0 if before is None or before.latency is None else before.latency.own_lag_s
    return lag_s < _HASTY * seen.record.baseline.seconds and seen.record.stall_lag_s < _LATE_S


def withheld_most(seen: Observation) -> bool:
    """Whether the machine withheld most of the stall: a client that is alive was slow for that, too."""
    first, last = seen.samples[0], seen.samples[-1]
    return (withheld_between(first, last) or 0.0) > _MOSTLY * (last.at_s - first.at_s)


def had_its_turn(seen: Observation) -> bool:
    """Whether the server had the time after the wake to give the stalled client more."""
    if seen.record.after_withheld_s is None:
        return seen.record.own_lag_s < _FORGOTTEN_LAG_S
    return seen.record.after_withheld_s < _MOSTLY * seen.record.drain_s


def could_notice(seen: Observation) -> bool:
    """Whether the server had the time to see that the client has gone."""
    if seen.record.after_withheld_s is None:
        after = seen.record.periods.wake
        return after is None or after.latency is None or after.latency.own_lag_s < _LEAK_LAG_S
    given, before = seen.record.witness_after_per_s, seen.record.baseline.bytes_per_s
    goes_on = given is not None and before > 0 and given >= _MOSTLY * before
    # who goes on sending to others looks at its sockets meanwhile
    return goes_on or seen.record.gone_s - seen.record.after_withheld_s >= _NOTICE_S
