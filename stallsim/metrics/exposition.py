"""Figures in Prometheus's formats: as a registry, or in a file for node_exporter's textfile collector."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from ..errors import EnvironmentUnfit, StallsimError
from .family import Buckets, Figures, MetricFamily, MetricKind

PREFIX = "stallsim_"
_BEGIN = f"# HELP {PREFIX}".encode()
"""The first bytes of every file with our metrics."""
_UNITS = frozenset({"seconds", "bytes", "ratio"})
"""A name that ends with one of them has that unit (OpenMetrics 1.0, Units and Base Units)."""


class _Collector(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        return [_metric(family) for family in self._figures()]


def registry_of(figures: Figures) -> CollectorRegistry:
    """The figures as a registry, as prometheus-client's functions need them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(figures))
    return registry


class MetricsFile:
    """Writes the figures to one file, whole or not at all: a reader never sees half of them."""

    def __init__(self, figures: Figures, path: Path, *, force: bool = False) -> None:
        """Raises StallsimError if the file's folder does not exist, or the file exists and is another's."""
        if not path.parent.is_dir():
            raise StallsimError(f"`metrics_file=` {path}: there is no folder {path.parent}")
        if path.suffix != ".prom":
            raise StallsimError(
                f"`metrics_file=` {path}: expected a name that ends in .prom: node_exporter reads no other"
            )
        if not force and not _is_ours(path):
            raise StallsimError(
                f"`metrics_file=` {path}: exists, and stallsim has not written it; "
                "`force=True` overwrites it"
            )
        self._registry, self._path = registry_of(figures), path

    def write(self) -> None:
        """Write all figures as they are now, in Prometheus's text format. Raises EnvironmentUnfit."""
        try:
            with NamedTemporaryFile(dir=self._path.parent, prefix=".stallsim-", delete=False) as file:
                self._replace_by(file)
        except OSError as error:
            raise EnvironmentUnfit(f"`metrics_file=` {self._path}: {error.strerror}") from error

    def _replace_by(self, file: IO[bytes]) -> None:
        """Write the figures to a temporary file, and give it the name. If that fails it is removed: there
        would be one more at each look.
        """
        try:
            file.write(generate_latest(self._registry))
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            Path(file.name).replace(self._path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _is_ours(path: Path) -> bool:
    """Whether a file may be replaced without being asked: there is none, it is empty, or of an earlier look
    (a job of cron writes the same file each time).
    """
    if not path.exists():
        return not path.is_symlink()
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            begin = file.read(len(_BEGIN))
    except OSError:
        return False
    return begin in (b"", _BEGIN)


def _metric(family: MetricFamily) -> Metric:
    name, kind = PREFIX + family.name, family.kind
    unit = family.name.rpartition("_")[2]
    metric = Metric(name, family.help, kind.value, unit if unit in _UNITS else "")
    for values, value in family.values.items():
        labels = dict(zip(family.labels, values, strict=True))
        if isinstance(value, Buckets):
            _add_buckets(metric, labels, value)
        else:
            metric.add_sample(f"{name}_total" if kind is MetricKind.COUNTER else name, labels, value)
    return metric


def _add_buckets(metric: Metric, labels: dict[str, str], value: Buckets) -> None:
    """Add the buckets; those of a gauge histogram have names of their own (OpenMetrics 1.0,
    GaugeHistogram).
    """
    moment = "g" if metric.type == MetricKind.GAUGE_HISTOGRAM.value else ""
    for bound, count in (*value.upto, (float("inf"), value.total)):
        metric.add_sample(f"{metric.name}_bucket", {**labels, "le": _bound_text(bound)}, count)
    metric.add_sample(f"{metric.name}_{moment}count", labels, value.total)
    metric.add_sample(f"{metric.name}_{moment}sum", labels, value.values_sum)


def _bound_text(bound: float) -> str:
    """A bucket's bound as prometheus-client writes it."""
    text: str = floatToGoString(bound)  # type: ignore[no-untyped-call]
    return text
