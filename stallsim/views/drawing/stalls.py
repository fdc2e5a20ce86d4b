"""Draws the stalls of a probe, one row each: the refused bytes and the outcome; the witness's row
is below.
"""

from rich.style import Style

from ...timeline.outside import witness_name
from ...timeline.records import ConnectionInfo
from ...timeline.sample import Sample
from ...units import format_size
from ..clean import clean
from ..outside import figure_text
from .crowd import cell, phase_style
from .frame import Row, heading
from .moments import Moments
from .outside import NAME
from .palette import BAD, BOLD, DIM, GOOD, PLAIN, Glyphs
from .tried_stalls import TriedStall

OUTCOME = " outcome"
_RATE_TICKS = 25
_ALARMING = frozenset({"unbounded-growth", "blocks-everyone"})
_Line = tuple[str, int | None, str]
"""A name, its connection once it is open, and the outcome."""


def stall_rows(
    moments: Moments, focus: int, tick: int, width: int, height: int, glyphs: Glyphs
) -> list[Row]:
    """A heading, then the stalls around the current one."""
    lines, here = _lines(moments, tick)
    room = max(1, height - 1)
    start = max(0, min(here - room // 2, len(lines) - room))
    longest = min(20, max(len(name) for name, _, _ in lines)) if lines else 8
    columns = _columns(longest, width)
    head = "".join(cell(text, cells, right) for text, cells, right in columns)
    rows = [heading(head.rstrip(), width, glyphs)]
    for name, connection, outcome in lines[start : start + room]:
        values = _values(moments, name, connection, tick)
        focussed = connection is not None and connection == focus
        weight = BOLD if focussed else PLAIN if connection is not None else DIM
        row: Row = [(f"{glyphs.here if focussed else ' '} ", BOLD)]
        styles = [weight, phase_style(values[1]) if values[1] else DIM, weight, weight]
        for (_, cells, right), value, style in zip(columns, values, styles, strict=False):
            row.append((cell(value, cells, right), style))
        row[1] = (row[1][0][2:], weight)
        if columns[-1][0] == OUTCOME:
            row.append((outcome, _outcome_style(outcome)))
        rows.append(row)
    return rows


def _lines(moments: Moments, tick: int) -> tuple[list[_Line], int]:
    """All planned stalls, and the line of the first one that has no outcome yet."""
    header = moments.timeline.header
    planned = header.probe.stalls if header is not None and header.probe is not None else []
    begun = {tried.number: tried for tried in moments.tried_stalls.by(tick)}
    first = moments.tried_stalls.at(tick)
    lines: list[_Line] = []
    here = 0
    for number, name in enumerate(planned, start=1):
        tried = begun.get(number)
        if first is not None and number == first.number:
            here = len(lines)
        outcome = _outcome(moments, tried, tick)
        lines.append((name, tried.stalled if tried else None, outcome))
        if tried is not None and tried.witness is not None and (tried == first or not outcome):
            lines.append((witness_name(number), tried.witness, ""))
    return lines, here


def _outcome(moments: Moments, tried: TriedStall | None, tick: int) -> str:
    judged = moments.tried_stalls.judged(tried.stalled, tick) if tried is not None else None
    if judged is None:
        return ""
    return clean(f" {judged.outcome} ({judged.confidence})", 60)


def _columns(longest: int, width: int) -> list[tuple[str, int, bool]]:
    columns = [("  client", longest + 3, False), ("phase", 17, False), (NAME, 12, True)]
    for column in (("given/s", 9, True), (OUTCOME, 32, False)):
        if sum(cells for _, cells, _ in columns) + 9 <= width:
            columns.append(column)
    return columns


def _values(moments: Moments, name: str, connection: int | None, tick: int) -> list[str]:
    cells = [f"  {clean(name, 32)}", "", "", ""]
    info = None if connection is None else moments.timeline.connections.get(connection)
    if connection is None or info is None:
        return cells
    now, phases = moments.sample(connection, tick), moments.phases(connection, tick)
    cells[1] = phases[-1].phase.value if phases else ""
    if now is not None:
        cells[2:] = [_refused(moments, info, now, tick), _rate(moments, connection, tick)]
    return cells


def _refused(moments: Moments, info: ConnectionInfo, now: Sample, tick: int) -> str:
    """The refused bytes now while the stall lasts; afterwards their peak."""
    if "queue_bytes" in info.unknown:
        return "-"
    if moments.tried_stalls.judged(info.connection, tick) is None:
        return figure_text(info, now, "queue_bytes")
    return f"~{moments.peak(info.connection, 'queue_bytes', tick):,}"


def _rate(moments: Moments, connection: int, tick: int) -> str:
    """Bytes per second that the client's kernel received over the last half second."""
    count = moments.index(connection, tick)
    series = moments.timeline.samples[connection]
    now = series[count - 1]
    if now.tick < tick - _RATE_TICKS:
        return "-"
    before = series[max(0, count - 1 - _RATE_TICKS)]
    ticks = now.tick - before.tick
    if not ticks:
        return "-"
    return format_size((now.received_bytes - before.received_bytes) / ticks / moments.tick_s)


def _outcome_style(outcome: str) -> Style:
    word = outcome.split(maxsplit=1)[0] if outcome.split() else ""
    return BAD if word in _ALARMING else BOLD if word == "inconclusive" else GOOD if word else PLAIN
