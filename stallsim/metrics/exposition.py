"""Figures as OpenMetrics over HTTP, or in a file for node_exporter's textfile collector."""

import os
import socket
import threading
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Self
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, generate_latest, make_wsgi_app
from prometheus_client.core import Metric
from prometheus_client.exposition import ThreadingWSGIServer
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from ..errors import EnvironmentUnfit, StallsimError
from .family import Buckets, Figures, MetricFamily, MetricKind

PREFIX = "stallsim_"
_PORT_MAX = 65535
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


class MetricsServer:
    """Answers GET /metrics in the requested format, in a thread of its own; ``close`` it.

    ``address``: ``127.0.0.1:9464``, ``[::1]:9464``, or ``:9464``, which is loopback; port 0 means a free
    one. The socket listens at once, but requests are answered only from ``serve`` on, since a process with
    a thread cannot enter a private stack. Raises StallsimError for an invalid address, EnvironmentUnfit if
    it cannot be used.
    """

    def __init__(self, figures: Figures, address: str) -> None:
        host, port = parse_address(address)

        class Server(ThreadingWSGIServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        try:
            app = make_wsgi_app(registry_of(figures))
            self._server = make_server(host, port, app, Server, handler_class=_Quiet)
        except OSError as error:
            raise EnvironmentUnfit(f"`metrics=` {address}: {error.strerror or error}") from error
        self._thread: threading.Thread | None = None
        self.port = int(self._server.server_port)

    def serve(self) -> None:
        """Begin to answer requests."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
            self._thread.start()

    def __enter__(self) -> Self:
        self.serve()
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
        if self._thread is not None:
            self._server.shutdown()
            _join(self._thread)
        self._server.server_close()


class _Quiet(WSGIRequestHandler):
    """Answers a request without writing a line about it to standard error."""

    def log_message(self, *_: object) -> None:
        pass


class MetricsFile:
    """Writes the figures to one file, whole or not at all: a reader never sees half of them."""

    def __init__(self, figures: Figures, path: Path) -> None:
        """Raises StallsimError if the file's folder does not exist."""
        if not path.parent.is_dir():
            raise StallsimError(f"`metrics_file=` {path}: there is no folder {path.parent}")
        if path.suffix != ".prom":
            raise StallsimError(
                f"`metrics_file=` {path}: expected a name that ends in .prom: node_exporter reads no other"
            )
        self._registry, self._path = registry_of(figures), path

    def write(self) -> None:
        """Write all figures as they are now, in Prometheus's text format. Raises EnvironmentUnfit."""
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


def _join(thread: threading.Thread) -> None:
    thread.join(5.0)
