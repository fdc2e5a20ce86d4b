"""``--metrics ADDR:PORT``: metrics for a monitoring system, in addition to the usual output."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Self

import typer

if TYPE_CHECKING:
    from ..metrics.family import Figures
    from ..timeline.records import Record

MetricsAddress = Annotated[
    str | None,
    typer.Option(
        "--metrics",
        metavar="ADDR:PORT",
        help="Serve OpenMetrics over HTTP at this address while the command runs (127.0.0.1:9464; :9464 is "
        "loopback).",
    ),
]


class Metrics:
    """The metrics' server; without an address, none. It listens before a private stack is entered."""

    def __init__(self, address: str | None, note: "Callable[[Record], None]", figures: "Figures") -> None:
        """``note`` is the timeline's listener from whose records ``figures`` are made."""
        self._note = note
        self._server = None
        if address is not None:
            from ..metrics.endpoint import MetricsServer

            self._server = MetricsServer(figures, address)
            print(f"stallsim: metrics at port {self._server.port}", file=sys.stderr)

    def beside(self, listener: "Callable[[Record], None] | None") -> "Callable[[Record], None] | None":
        """A timeline's listener that updates the metrics, too. The server answers from the first
        record on.
        """
        server, note = self._server, self._note
        if server is None:
            return listener

        def both(record: "Record") -> None:
            server.serve()
            note(record)
            if listener is not None:
                listener(record)

        return both

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()


def timeline_metrics(address: str | None) -> Metrics:
    """The metrics of a run or a probe."""
    from ..views.metrics import TimelineFigures

    figures = TimelineFigures()
    return Metrics(address, figures, figures.families)


def fleet_metrics(address: str | None) -> Metrics:
    """The metrics of a fleet."""
    from ..views.fleet.metrics import FleetFigures

    figures = FleetFigures()
    return Metrics(address, figures, figures.families)
