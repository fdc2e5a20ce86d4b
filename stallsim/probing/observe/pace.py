"""Computes how many bytes the kernels have refused, by comparison with the bytes that the witness
received.
"""

from ...timeline.outside import Look


def refused(first: Look, now: Look, pace: float) -> float:
    """Bytes that the witness has received since ``first`` and that the kernels did not accept for the
    stalled client.
    """
    given = (now.witness_bytes - first.witness_bytes) * pace
    taken = now.received_bytes + (now.outq_bytes or 0) - first.received_bytes - (first.outq_bytes or 0)
    return given - taken


def usable_pace(pace: float) -> float:
    """The ratio of the two streams' rates if they differ only by a small constant factor (in the clients'
    names, say); otherwise 1.
    """
    return pace if paced_alike(pace) else 1.0


def paced_alike(pace: float) -> bool:
    """Whether both clients' streams ran at one pace before the stall."""
    return 0.8 < pace < 1.25
