"""One metric: its name, what it means, and its values by label (names: OpenMetrics 1.0)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum


class MetricKind(Enum):
    """What a monitoring system may do with the values."""

    GAUGE = "gauge"
    """Up and down."""
    COUNTER = "counter"
    """Only up, from 0 at the start; its name is written with ``_total``."""


@dataclass(frozen=True)
class MetricFamily:
    """``name`` without the prefix and without ``_total``; the unit is its last word."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    kind: MetricKind = MetricKind.GAUGE
    values: dict[tuple[str, ...], float] = field(default_factory=dict)
    """By the labels' values."""


Figures = Callable[[], Iterable[MetricFamily]]
"""Asked each time that somebody looks; must not wait for anything."""
