"""What the kernels have refused, by the witness's measure."""

from ...timeline.outside import Look


def refused(first: Look, now: Look, pace: float) -> float:
    """What the witness was given since ``first``, and the kernels did not take for the stalled client."""
    given = (now.witness_bytes - first.witness_bytes) * pace
    taken = now.received_bytes + (now.outq_bytes or 0) - first.received_bytes - (first.outq_bytes or 0)
    return given - taken


def usable_pace(pace: float) -> float:
    """Streams as fast as each other but for a constant, as those with other names in them; else 1."""
    return pace if paced_alike(pace) else 1.0


def paced_alike(pace: float) -> bool:
    """Whether both clients' streams ran at one pace before the stall."""
    return 0.8 < pace < 1.25
