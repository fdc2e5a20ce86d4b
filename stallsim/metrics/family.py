"""One metric: its name, what it means, and its values by label (names: OpenMetrics 1.0)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class MetricKind(Enum):
    """What a monitoring system may do with the values."""

    GAUGE = "gauge"
    """Up and down."""
    COUNTER = "counter"
    """Only up, from 0 at the start; its name is written with ``_total``."""
    HISTOGRAM = "histogram"
    """Buckets that count only up."""
    GAUGE_HISTOGRAM = "gaugehistogram"
    """Buckets of one moment."""


class Buckets(NamedTuple):
    """Of a histogram: how many values are at most so large, for some bounds, and of all of them."""

    upto: tuple[tuple[float, int], ...]
    """Bound and count, in order of the bounds; that of infinity is ``total``."""
    total: int
    values_sum: float


MetricValues = Mapping[tuple[str, ...], float | Buckets]


def one_value(value: float | Buckets) -> MetricValues:
    """Of a family without labels."""
    return {(): value}


def by_label(values: Mapping[str, float]) -> MetricValues:
    """Of a family with one label."""
    return {(label,): float(value) for label, value in values.items()}


@dataclass(frozen=True)
class MetricFamily:
    """``name`` without the prefix and without ``_total``; the unit is its last word."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    kind: MetricKind = MetricKind.GAUGE
    values: MetricValues = field(default_factory=dict)
    """By the labels' values; buckets where the kind is a histogram."""


Figures = Callable[[], Iterable[MetricFamily]]
"""Asked each time that somebody looks; must not wait for anything."""
