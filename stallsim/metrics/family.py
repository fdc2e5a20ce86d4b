"""One metric: its name, what it means, and its values by label (names: OpenMetrics 1.0)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class MetricKind(Enum):
    """The kind of a metric, which decides what a monitoring system may compute from it."""

    GAUGE = "gauge"
    """The value may go up and down."""
    COUNTER = "counter"
    """The value begins at 0 and only goes up; its name is written with ``_total``."""
    HISTOGRAM = "histogram"
    """Buckets whose counts only go up."""
    GAUGE_HISTOGRAM = "gaugehistogram"
    """Buckets that count the values at one moment."""


class Buckets(NamedTuple):
    """A histogram: for each bound, the number of values up to it; and the number of all values."""

    upto: tuple[tuple[float, int], ...]
    """Bound and count, in order of the bounds; that of infinity is ``total``."""
    total: int
    values_sum: float


MetricValues = Mapping[tuple[str, ...], float | Buckets]


def one_value(value: float | Buckets) -> MetricValues:
    """The values of a family that has no labels."""
    return {(): value}


def by_label(values: Mapping[str, float]) -> MetricValues:
    """The values of a family that has one label."""
    return {(label,): float(value) for label, value in values.items()}


@dataclass(frozen=True)
class MetricFamily:
    """``name`` without the prefix and without ``_total``; the unit is its last word."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    kind: MetricKind = MetricKind.GAUGE
    values: MetricValues = field(default_factory=dict)
    """The values by the labels' values; buckets if the kind is a histogram."""


Figures = Callable[[], Iterable[MetricFamily]]
"""Returns the figures as they are now. Called at every request, it must not wait for anything."""
