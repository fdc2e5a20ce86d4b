"""Computes how many of the refused bytes a server can have made during the stall.

A witness that had fallen behind before the stall catches up during it: what it receives then was not all
made in the stall, and the stalled client may have received some of it earlier.
"""

from ..observe.observation import Observation

_FASTER = 1.25
"""A stream may be this many times as fast as usual during a stall."""


def refused_and_made(seen: Observation) -> int:
    """The refused bytes without those that the witness received in excess of what can have been made during
    the stall: the usual rate, one burst of a stream with a rhythm, and what had arrived for it before.
    """
    record, control = seen.record, seen.control
    first, last = seen.samples[0], seen.samples[-1]
    rates = [record.baseline.bytes_per_s, record.witness_after_per_s]
    rates.append(None if control is None else control.bytes_per_s)
    usual = max(rate for rate in rates if rate is not None)
    made = _FASTER * usual * (last.at_s + record.baseline.rhythm.every_s) + first.witness_rcvq_bytes
    excess = max(0, last.witness_bytes - first.witness_bytes - round(made))
    return max(0, seen.refused_bytes - excess)
