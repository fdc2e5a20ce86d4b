"""The dashboard's lines about a probe: its server, the current stall, and the server's memory."""

from ...units import format_size
from ..clean import clean
from ..words import client_name
from .frame import Row, row_width
from .moments import Moments
from .palette import BAD, BOLD, DIM, PLAIN, TITLE, Glyphs


def probe_title(moments: Moments, tick: int, width: int, glyphs: Glyphs) -> Row:
    """The server, the stall, its progress, and the seconds since the probe began."""
    header = moments.timeline.header
    server = clean(header.probe.url, 300) if header is not None and header.probe is not None else ""
    tried = moments.tried_stalls.at(tick)
    progress = "starts"
    if tried is not None:
        stall = None if tried.stalled is None else moments.stall(tried.stalled, tick)
        word = moments.tried_stalls.progress(
            tried, tick, confirmed=stall is not None and stall.until is None
        )
        progress = clean(f"stall {tried.number} of {tried.of}, {tried.stall}: {word}", 80)
    right = f"{progress}  {tick * moments.tick_s:8.2f} s "
    room = width - len(right) - len(" probe of ") - 1
    if room < 8:
        return [(f" {right}".ljust(width), TITLE)]
    if len(server) > room:
        server = server[: room - 1] + glyphs.cut
    left = f" probe of {server}"
    return [(left + " " * (width - row_width([(left, TITLE)]) - len(right)) + right, TITLE)]


def probe_focus(moments: Moments, connection: int, tick: int, width: int) -> Row:
    """The client in focus, its phase, its confirmed stall, and the memory of the server's processes."""
    info = moments.timeline.connections.get(connection)
    if info is None or info.tick > tick:
        return [(" no connection yet", DIM)]
    phases, stall = moments.phases(connection, tick), moments.stall(connection, tick)
    row: Row = [(f" {client_name(moments.timeline, connection)}", BOLD)]
    row += [(f"  {phases[-1].phase.value}", BOLD)] if phases else []
    memory = _memory(moments, connection, tick)
    evidence: Row = []
    if stall is not None and stall.until is None:
        row += [("  stalled", BAD), (f" since {moments.when(stall.since)} s", PLAIN)]
        evidence = [(f": {clean(stall.evidence, 60)}", PLAIN)]
    whole = [[*row, *evidence, ("  server's", PLAIN), *memory], [*row, ("  server's", PLAIN), *memory]]
    return next((one for one in whole if row_width(one) <= width), [*row, (" ", PLAIN), *memory])


def _memory(moments: Moments, connection: int, tick: int) -> Row:
    readings = moments.memory(connection, moments.tried_stalls.stretch(connection, tick).first, tick)
    if not readings:
        return [(" RSS ?", PLAIN)]
    more = readings[-1] - readings[0]
    return [
        (" RSS ", PLAIN),
        (format_size(readings[-1]), BOLD),
        (f", {'+' if more >= 0 else '-'}{format_size(abs(more))}", PLAIN),
    ]
