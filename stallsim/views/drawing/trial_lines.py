"""A probe's own lines on the dashboard: which stall of which server, and that server's memory."""

from ...units import format_size
from ..clean import clean
from ..words import client_name
from .frame import Row, row_width
from .moments import Moments
from .palette import BAD, BOLD, DIM, PLAIN, TITLE, Glyphs


def probe_title(moments: Moments, tick: int, width: int, glyphs: Glyphs) -> Row:
    """The server, the stall, its stage, and the seconds since the probe began."""
    header = moments.timeline.header
    server = clean(header.probe.url, 300) if header is not None and header.probe is not None else ""
    trial = moments.trials.at(tick)
    stage = "starts"
    if trial is not None:
        stall = None if trial.stalled is None else moments.stall(trial.stalled, tick)
        word = moments.trials.stage(trial, tick, confirmed=stall is not None and stall.until is None)
        stage = clean(f"stall {trial.number} of {trial.of}, {trial.stall}: {word}", 80)
    right = f"{stage}  {tick * moments.tick_s:8.2f} s "
    room = width - len(right) - len(" probe of ") - 1
    if room < 8:
        return [(f" {right}".ljust(width), TITLE)]
    if len(server) > room:
        server = server[: room - 1] + glyphs.cut
    left = f" probe of {server}"
    return [(left + " " * (width - row_width([(left, TITLE)]) - len(right)) + right, TITLE)]


def probe_focus(moments: Moments, connection: int, tick: int, width: int) -> Row:
    """The client in focus, its phase, its confirmed stall, and what the server's processes hold."""
    if connection not in moments.timeline.connections:
        return [(" no connection yet", DIM)]
    phases, stall = moments.phases(connection, tick), moments.stall(connection, tick)
    row: Row = [(f" {client_name(moments.timeline, connection)}", BOLD)]
    row += [(f"  {phases[-1].phase.value}", BOLD)] if phases else []
    memory = _memory(moments, connection, tick)
    if stall is not None and stall.until is None:
        row += [("  stalled", BAD), (f" since {moments.when(stall.since)} s", PLAIN)]
        evidence: Row = [(f": {clean(stall.evidence, 60)}", PLAIN)]
        if row_width([*row, *evidence, *memory]) <= width:
            row += evidence
    return [*row, *memory]


def _memory(moments: Moments, connection: int, tick: int) -> Row:
    readings = moments.memory(moments.trials.stretch(connection, tick).first, tick)
    if not readings:
        return [("  server's memory not visible", DIM)]
    more = readings[-1] - readings[0]
    return [
        ("  server's memory ", PLAIN),
        (format_size(readings[-1]), BOLD),
        (f", {'+' if more >= 0 else '-'}{format_size(abs(more))}", PLAIN),
    ]
