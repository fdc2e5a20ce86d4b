"""Computes how many of the refused bytes a server can have made during the stall, and how many came later.

A witness that had fallen behind before the stall catches up during it: what it receives then was not all
made in the stall, and the stalled client may have received some of it earlier.
"""

from ..observe.observation import Observation

_FASTER = 1.25
"""A stream may be this many times as fast as usual during a stall."""

SMALLER = 0.5
"""If the messages that came late have less than this share of the bytes that the witness received, they
came in a smaller form.
"""


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


def bytes_that_came(seen: Observation) -> int:
    """The refused bytes that came after the wake.

    A stream that all clients share comes in its order, so all bytes after the wake count, however far
    behind the client was in the end. In other streams the later messages may have been made after the
    wake.
    """
    record, compared = seen.record, seen.record.comparison
    given = seen.refused_bytes - compared.missing_until_wake * compared.message_bytes
    by_messages = given - compared.lag_end * compared.message_bytes
    in_order = given if compared.same else 0.0
    # a client may be given its messages in a smaller form than the witness
    most = min(refused_and_made(seen), record.beyond_bytes - record.joining_bytes)
    if not compared.same and 0 < compared.kept_bytes < SMALLER * by_messages:
        most = min(most, compared.kept_bytes - seen.kernel_bytes)
    return max(0, min(most, round(max(by_messages, in_order))))
