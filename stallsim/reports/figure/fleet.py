"""A fleet over time: its clients by state, the send queues as a heat map, memory, the witnesses' Pings."""

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ...errors import ReportError
from ...timeline.fleet.pings import P99_PONGS_MIN, known_p99_s
from ...timeline.fleet.reading import Reading
from ...units import format_size
from ...views.fleet.table import octaves
from ..found import Found
from .text import plain

_WIDTH_IN, _PANEL_IN, _HEAD_IN = 11.0, 2.4, 0.8
_SUBJECTS_MAX = 3
_PLAIN = FuncFormatter(lambda value, _: f"{value:g}")
"""Formats powers of ten as digits, since matplotlib's markup is off in a figure."""


def figure_of_fleets(found: Sequence[Found]) -> Figure:
    """Four panels for each fleet. Raises ReportError if a fleet has no readings, or there are too many
    fleets.
    """
    if len(found) > _SUBJECTS_MAX:
        raise ReportError(f"expected at most {_SUBJECTS_MAX} fleets for one figure, got {len(found)}")
    height = _HEAD_IN + 4 * _PANEL_IN
    figure = Figure(figsize=(_WIDTH_IN, height), layout="constrained")
    title = "; ".join(f"fleet {one.account.title}: {one.account.outcome}" for one in found)
    figure.suptitle(plain(title, 110), fontsize=13)
    every = figure.subplots(4, len(found), squeeze=False, sharex="col")
    for column, one in enumerate(found):
        if one.timeline is None:
            raise ReportError(f"{one.name}: a result has no readings to draw; report the recording instead")
        readings = list(one.timeline.fleet.merged())
        if not readings:
            raise ReportError(f"{one.name}: nothing was read, so there is nothing to draw")
        seconds = [reading.tick * one.timeline.scenario.tick_s for reading in readings]
        clients, queues, memory, pings = every[:, column]
        clients.set_title(plain(one.name, 60), loc="left", fontsize=11, fontweight="bold")
        _clients(clients, seconds, readings)
        _queues(queues, seconds, readings)
        _memory(memory, seconds, readings, one.timeline.fleet.charged_bytes(readings))
        _pings(pings, seconds, readings)
        pings.set_xlabel("seconds")
    return figure


def _clients(axes: Axes, seconds: Sequence[float], readings: Sequence[Reading]) -> None:
    stalled = [one.look.stalled if one.look is not None else float("nan") for one in readings]
    axes.plot(seconds, [one.open for one in readings], label="open", color="black")
    axes.plot(seconds, stalled, label="stalled (the kernel confirms it)", color="#D55E00", linestyle="--")
    gone = [one.ended + one.tally.unopened_count for one in readings]
    axes.plot(seconds, gone, label="never opened, or ended", color="#0072B2", linestyle=":")
    axes.set_ylabel("clients")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=9, frameon=False, loc="upper left")


def _queues(axes: Axes, seconds: Sequence[float], readings: Sequence[Reading]) -> None:
    """A heat map of the number of send queues by size and time: the darker, the more."""
    columns = [octaves(one.look.queues) if one.look is not None else [] for one in readings]
    rows = max(map(len, columns))
    axes.set_ylabel("send queue")
    if not rows:
        axes.text(0.5, 0.5, "the server's ends are not visible", ha="center", transform=axes.transAxes)
        return
    counts = [[column[row] if row < len(column) else 0 for column in columns] for row in range(rows)]
    edges = [*seconds, seconds[-1] + 1.0]
    most = max(max(row) for row in counts)
    mesh = axes.pcolormesh(
        edges, range(rows + 1), counts, norm=LogNorm(1, max(2, most)), cmap=mpl.colormaps["Greys"]
    )
    axes.figure.colorbar(mesh, ax=axes, label="clients", pad=0.01, format=_PLAIN)
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda row, _: format_size(2 ** (row - 1) if row >= 1 else 0))
    )


def _memory(
    axes: Axes, seconds: Sequence[float], readings: Sequence[Reading], charged: Sequence[int | None]
) -> None:
    for values, label, colour, line, mark in (
        ([one.rss_bytes for one in readings], "the server's processes (RSS)", "black", "-", ""),
        ([one.tcp_memory_bytes for one in readings], "all TCP of the machine", "#CC79A7", "--", ""),
        (charged, "the fleet's sockets (read once a size)", "#0072B2", "", "o"),
    ):
        known = [float("nan") if value is None else value for value in values]
        axes.plot(seconds, known, label=label, color=colour, linestyle=line, marker=mark)
    axes.set_ylabel("memory")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda size, _: format_size(size)))
    axes.legend(fontsize=9, frameon=False, loc="upper left")


def _pings(axes: Axes, seconds: Sequence[float], readings: Sequence[Reading]) -> None:
    seen = [(at_s, one.witnessed) for at_s, one in zip(seconds, readings, strict=True) if one.witnessed]
    for values_s, label, line in (
        ([one.p50_s for _, one in seen], "p50", "-"),
        ([known_p99_s(one) for _, one in seen], f"p99 (of {P99_PONGS_MIN} Pongs or more)", "--"),
        ([one.worst_s or None for _, one in seen], "the longest", ":"),
    ):
        known = [
            (at_s, 1000 * value)
            for (at_s, _), value in zip(seen, values_s, strict=True)
            if value is not None
        ]
        axes.plot(
            [at_s for at_s, _ in known], [value for _, value in known],
            label=label, color="black", linestyle=line,
        )  # fmt: skip
    axes.set_ylabel("Ping of a witness, ms")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(_PLAIN)
    axes.legend(fontsize=9, frameon=False, loc="upper left", ncols=3)
