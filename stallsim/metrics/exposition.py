"""Figures as OpenMetrics over HTTP, or in a file for node_exporter's textfile collector."""

import os
import threading
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Self

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ..errors import EnvironmentUnfit, StallsimError
from .family import Figures, MetricFamily, MetricKind

PREFIX = "stallsim_"
_PORT_MAX = 65535


class _Collector(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        return [_metric(family) for family in self._figures()]


def registry_of(figures: Figures) -> CollectorRegistry:
    """What prometheus-client's own functions take."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(figures))
    return registry


class MetricsServer:
    """Answers GET /metrics in the format that is asked for; a thread of its own, ended by ``close``.

    ``address``: ``127.0.0.1:9464``, ``[::1]:9464``, or ``:9464``, which is loopback; port 0 is a free one.
    Raises StallsimError for an address that is none, EnvironmentUnfit where it cannot be listened at.
    """

    def __init__(self, figures: Figures, address: str) -> None:
        host, port = parse_address(address)
        try:
            self._server, self._thread = start_http_server(port, host, registry_of(figures))
        except OSError as error:
            raise EnvironmentUnfit(f"`metrics=` {address}: {error.strerror or error}") from error
        self.port = int(self._server.server_port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        _join(self._thread)


class MetricsFile:
    """Writes the figures to one file, whole or not at all: a reader never sees half of them."""

    def __init__(self, figures: Figures, path: Path) -> None:
        """Raises StallsimError where the file's folder is not there."""
        if not path.parent.is_dir():
            raise StallsimError(f"`metrics_file=` {path}: there is no folder {path.parent}")
        if path.suffix != ".prom":
            raise StallsimError(
                f"`metrics_file=` {path}: expected a name that ends in .prom: node_exporter reads no other"
            )
        self._registry, self._path = registry_of(figures), path

    def write(self) -> None:
        """All of them now, in Prometheus's text format. Raises EnvironmentUnfit."""
        try:
            with NamedTemporaryFile(dir=self._path.parent, prefix=".stallsim-", delete=False) as file:
                file.write(generate_latest(self._registry))
                os.fchmod(file.fileno(), 0o644)
            Path(file.name).replace(self._path)
        except OSError as error:
            raise EnvironmentUnfit(f"`metrics_file=` {self._path}: {error.strerror}") from error


def parse_address(text: str) -> tuple[str, int]:
    """Host and port; no host is loopback. Raises StallsimError."""
    host, colon, digits = text.rpartition(":")
    if (
        not colon
        or not digits.isdecimal()
        or int(digits) > _PORT_MAX
        or (":" in host and not host.startswith("["))
    ):
        raise StallsimError(
            f"`metrics=` {text}: expected an address and a port such as 127.0.0.1:9464 or [::1]:9464"
        )
    return host.strip("[]") or "127.0.0.1", int(digits)


def _metric(family: MetricFamily) -> Metric:
    make = CounterMetricFamily if family.kind is MetricKind.COUNTER else GaugeMetricFamily
    metric = make(PREFIX + family.name, family.help, labels=family.labels)
    for labels, value in family.values.items():
        metric.add_metric(labels, value)
    return metric


def _join(thread: threading.Thread) -> None:
    thread.join(5.0)
