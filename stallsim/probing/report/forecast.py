"""Estimates how fast a server grows for one stalled client, and when the machine's memory is used up.

Measured memory is preferred to payload: small messages cost a process many times their bytes, and messages
that wait in a file cost it nothing.
"""

from typing import NamedTuple

from ...timeline.probed.measures import GROWN_MIN_BYTES
from ...units import format_seconds, format_size
from ..judging.by_memory import memory_is_flat
from ..judging.facts import Facts
from ..observe.observation import Observation
from ..observe.slope import slope


class GrowthRate(NamedTuple):
    """A rate of growth."""

    bytes_per_s: float
    measured: bool
    """Whether the process's memory was measured; otherwise the rate is that of the refused payload, whose
    cost in memory is not known.
    """


def growth_per_s(seen: Observation, facts: Facts) -> GrowthRate:
    """The growth of memory if it was read and exceeds a process's usual changes; 0 if it did not grow with
    the refused bytes; else that of the refused bytes.
    """
    if memory_is_flat(seen, facts):
        return GrowthRate(0.0, measured=True)
    begin_s = seen.record.full_after_s or 0.0
    memory = [
        (one.at_s, float(one.memory_bytes))
        for one in seen.samples
        if one.memory_bytes is not None and one.at_s >= begin_s
    ]
    grown = memory[-1][1] - memory[0][1] if memory else 0.0
    rate = slope(memory) if grown >= GROWN_MIN_BYTES else None
    if rate is None or rate <= 0:
        return GrowthRate(facts.refused_per_s, measured=False)
    return GrowthRate(rate, measured=True)


def forecast(seen: Observation, facts: Facts) -> str:
    """A sentence with the growth per hour, and the time until this machine has no memory left; or with the
    reason why neither is known.
    """
    if memory_is_flat(seen, facts):
        return (
            "the server's memory did not grow with the refused bytes: it changed by "
            f"{format_size(facts.memory_growth_bytes or 0)} while the kernels refused "
            f"{format_size(seen.refused_bytes)}; so no time can be given until this machine's memory is "
            "full"
        )
    growth = growth_per_s(seen, facts)
    words = (
        f"at this rate, the server needs {format_size(growth.bytes_per_s * 3600)} an hour for each stalled "
        "client"
    )
    if seen.record.available_bytes is not None and growth.bytes_per_s > 0:
        lasts = format_seconds(seen.record.available_bytes / growth.bytes_per_s)
        words += (
            f", and the {format_size(seen.record.available_bytes)} of memory that this machine has left "
            f"last for {lasts}"
        )
    by = "the growth of the server's memory" if growth.measured else "the refused bytes"
    return f"{words} (inferred from {by})"
