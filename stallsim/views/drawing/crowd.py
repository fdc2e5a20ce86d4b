"""Draws one row for each client: its phase, and the bytes that it costs the server.

The clients that are meant to stall come first, then the others, each in the order of their connections, so
the order is stable. Only if clients come and go does it change: those that have left come last. If there
are too many clients, those around the one in focus are shown, and the rest are counted by phase.
"""

from rich.style import Style

from ...kinds import Stalls
from ...timeline.records import ConnectionInfo
from ...timeline.tally import ENDED
from ...units import format_count, format_size
from ..words import client_name
from .frame import Row, heading
from .moments import Moments
from .palette import BAD, BOLD, DIM, GOOD, PLAIN, Glyphs

_CALM = frozenset({"flowing", "recovered", "closed"})


def order(moments: Moments, tick: int) -> list[int]:
    """All connections, those meant to stall first; of a probe, those of the current stalls first.

    If clients come and go, the connections that are open precede those that have ended.
    """
    if moments.outside:
        return moments.tried_stalls.order(tick)
    comes_and_goes = _comes_and_goes(moments)

    def rank(info: ConnectionInfo) -> tuple[bool, bool]:
        gone = comes_and_goes and not _is_there(moments, info.connection, tick)
        return gone, info.stalls is not Stalls.MUST

    return [info.connection for info in sorted(moments.timeline.connections, key=rank)]


def _comes_and_goes(moments: Moments) -> bool:
    header = moments.timeline.header
    return header is not None and any(group.arrival or group.life for group in header.scenario.clients)


def _is_there(moments: Moments, connection: int, tick: int) -> bool:
    """Whether the connection has begun by ``tick`` and has not ended."""
    phases = moments.phases(connection, tick)
    return bool(phases) and phases[-1].phase not in ENDED


def _totals(moments: Moments, everyone: list[int], tick: int) -> str:
    """The number of clients so far and now, and the bytes queued for all of them."""
    there = [connection for connection in everyone if _is_there(moments, connection, tick)]
    now = [moments.sample(connection, tick) for connection in there]
    queued = format_size(sum(one.queue_bytes for one in now if one is not None))
    return f"{moments.timeline.connections.opened:,} opened, {len(there):,} open, {queued} queued for all"


def crowd_rows(
    moments: Moments, focus: int, tick: int, width: int, height: int, glyphs: Glyphs
) -> list[Row]:
    """A heading and as many clients as fit; the last row counts the others."""
    everyone = order(moments, tick)
    room = max(1, height - 1)
    if len(everyone) > room:
        room = max(1, room - 1)
    place = everyone.index(focus) if focus in everyone else 0
    start = max(0, min(place - room // 2, len(everyone) - room))
    shown, others = everyone[start : start + room], everyone[:start] + everyone[start + room :]
    names = [client_name(moments.timeline, connection) for connection in shown]
    longest = min(20, max(len(name) for name in ("client", *names)))
    columns = _columns(longest, width)
    head = "".join(cell(text, cells, right) for text, cells, right in columns)
    rows = [heading(head.rstrip(), width, glyphs)]
    for name, connection in zip(names, shown, strict=True):
        values = _values(moments, connection, name, tick)
        mark = glyphs.here if connection == focus else " "
        weight = BOLD if connection == focus else PLAIN
        row: Row = [(f"{mark} ", BOLD)]
        for number, (_, cells, right) in enumerate(columns):
            text = cell(values[number], cells, right)
            text = text[2:] if number == 0 else text
            row.append((text, phase_style(text.strip()) if number == 1 else weight))
        rows.append(row)
    if others and len(rows) < height:
        phases = ", ".join(f"{n} {phase}" for phase, n in moments.by_phase(others, tick))
        totals = f"; {_totals(moments, everyone, tick)}" if _comes_and_goes(moments) else ""
        rows.append([(f"  {len(others)} more: {phases}{totals}"[:width], DIM)])
    return rows


def _columns(longest: int, width: int) -> list[tuple[str, int, bool]]:
    """Heading, width in cells, and right alignment of each column; a narrow table has fewer columns."""
    columns = [("  client", longest + 3, False), ("phase", 17, False), ("queue", 14, True)]
    for column in (("read", 14, True), ("stall", 12, True)):
        if sum(cells for _, cells, _ in columns) + column[1] <= width:
            columns.append(column)
    return columns


def _values(moments: Moments, connection: int, name: str, tick: int) -> list[str]:
    phases, now = moments.phases(connection, tick), moments.sample(connection, tick)
    stall = moments.stall(connection, tick)
    stretch = "no" if stall is None else f"{stall.since}-{'' if stall.until is None else stall.until}"
    return [
        f"  {name}",
        phases[-1].phase.value if phases else "not kept" if now else "not open",
        format_count(now.queue_bytes) if now else "-",
        format_count(now.read_bytes) if now else "-",
        stretch,
    ]


def cell(text: str, cells: int, right: bool) -> str:
    """The text cut or padded to ``cells``; one cell stays free."""
    return f"{text[: cells - 1]:>{cells}}" if right else f"{text[: cells - 1]:<{cells}}"


def phase_style(phase: str) -> Style:
    """The style of a phase: calm, draining, or in trouble."""
    return GOOD if phase in _CALM else BOLD if phase == "draining" else BAD
