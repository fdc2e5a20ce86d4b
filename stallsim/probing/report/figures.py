"""The measured figures of a report besides the queues: the connection's end, other clients, and memory."""

from collections.abc import Iterator
from typing import NamedTuple

from ..judging.facts import Facts
from ..observe.observation import Observation
from .others import returned_bytes


class Measured(NamedTuple):
    """One figure that was measured, not inferred."""

    name: str
    value: float | None
    unit: str


def with_witness_figures(seen: Observation, facts: Facts) -> Iterator[Measured]:
    """The figures in the order of the report."""
    after = seen.record.memory_after
    yield Measured("memory_pss_growth_bytes", after.pss_growth_bytes, "B")
    yield Measured("memory_returned_bytes", returned_bytes(seen, facts), "B")
    periods = seen.record.periods
    for name, period in (("baseline", periods.baseline), ("stall", periods.stall), ("wake", periods.wake)):
        latency = period.latency if period else None
        yield Measured(f"ping_{name}_s_p50", latency.p50_s if latency else None, "s")
        yield Measured(f"ping_{name}_s_max", latency.max_s if latency else None, "s")
        yield Measured(f"cpu_share_{name}", period.cpu_share if period else None, "ratio")
    ending = seen.record.ending
    yield Measured("close_decided_s", ending.decided_after_s if ending else None, "s")
    yield Measured("socket_gone_s", ending.gone_after_s if ending else None, "s")
    yield Measured("socket_left_bytes", ending.left_bytes if ending else None, "B")
    yield Measured("memory_freed_s", ending.freed_after_s if ending else None, "s")
