"""The single lines of the dashboard: title, focus, legend, keys."""

from typing import NamedTuple

from ...units import format_count
from ..clean import clean
from ..words import client_name
from .controls import Controls
from .frame import Row, row_width, spread
from .moments import Moments
from .palette import BAD, BOLD, DIM, PLAIN, QUEUE, RECEIVE, SEND, TITLE, Glyphs
from .tried_stall_lines import probe_focus, probe_title


class View(NamedTuple):
    """The parameters of a frame."""

    tick: int
    last_tick: int
    controls: Controls
    width: int
    height: int
    glyphs: Glyphs


def title_line(moments: Moments, view: View) -> Row:
    """The profile, its pace, and the time in ticks and in the scenario's seconds."""
    if moments.outside:
        return probe_title(moments, view.tick, view.width, view.glyphs)
    header = moments.timeline.header
    name = clean(header.scenario.profile, 40) if header else "stallsim"
    last = format_count(view.last_tick)
    where = f"tick {format_count(view.tick):>{len(last)}}/{last}"
    if header is None or len(name) + len(where) + 40 > view.width:
        return [(f" {where}  {name} ".ljust(view.width), TITLE)]
    right = f"{header.scenario.pace.value}  {where}  {view.tick * header.scenario.tick_s:9.3f} s "
    room = view.width - len(right) - len(name) - 5
    subject = clean(header.scenario.title, 200)
    if len(subject) > room:
        subject = subject[: max(0, room - 1)].rstrip() + view.glyphs.cut
    left = f" {name}: {subject}" if room > 8 else f" {name}"
    between = " " * (view.width - row_width([(left, TITLE)]) - len(right))
    return [(left + between + right, TITLE)]


def focus(moments: Moments, view: View) -> Row:
    """The client in focus, its phase, and its confirmed stall."""
    connection, tick = view.controls.focus, view.tick
    if moments.outside:
        return probe_focus(moments, connection, tick, view.width)
    info, phases = moments.timeline.connections.get(connection), moments.phases(connection, tick)
    if info is None:
        return [(" no connection yet", DIM)]
    name = client_name(moments.timeline, connection)
    row: Row = [(f" {name}", BOLD), (f" ({clean(info.kind, 24)})", PLAIN)]
    if phases:
        row.append((f"  {phases[-1].phase.value}", BOLD))
    stall = moments.stall(connection, tick)
    if stall is not None and stall.until is None:
        row += [("  stalled", BAD), (f" since tick {stall.since}: {clean(stall.evidence, 60)}", PLAIN)]
    now = moments.sample(connection, tick)
    if now is not None and not now.settled:
        row += [("  readings not of one moment", DIM)]
    if now is not None and now.tick < tick and moments.is_open(connection, tick):
        row += [(f"  readings of tick {format_count(now.tick)}", DIM)]
    return row


def legend(moments: Moments, view: View) -> Row:
    """The legend: which values are read and which are estimates."""
    glyphs = view.glyphs
    inferred: Row = [(" estimate", PLAIN)]
    if moments.outside:
        inferred = [(" ", PLAIN), (glyphs.inferred, QUEUE), (" inferred from the witness", PLAIN)]
    return [
        (f" {glyphs.levels[8]}", RECEIVE), (" payload  ", PLAIN),
        (glyphs.unacknowledged, SEND), (" unacknowledged  ", PLAIN),
        (glyphs.charged, SEND), (" % memory charged  ", PLAIN),
        ("~", BOLD), *inferred,
    ]  # fmt: skip


def keys(view: View) -> Row:
    """The keys that have a meaning now, and how the time runs."""
    controls, glyphs = view.controls, view.glyphs
    if controls.live:
        state, actions = f"{glyphs.playing} live", [("tab", "client"), ("q", "quit")]
    elif controls.typed:
        return [(f" go to tick {controls.typed}", BOLD), ("  enter goes there, backspace erases", DIM)]
    elif controls.ended:
        state = "the end"
        actions = [
            ("space", "again"),
            (glyphs.steps, "step"),
            ("tab", "client"),
            ("?", "all keys"),
            ("q", "quit"),
        ]
    else:
        state = f"{glyphs.paused} paused" if controls.paused else f"{glyphs.playing} playing"
        actions = [
            ("space", "pause"), (glyphs.steps, "step"), ("+ -", "speed"), ("tab", "client"),
            ("?", "all keys"), ("q", "quit"),
        ]  # fmt: skip
        state += f" {glyphs.times}{controls.speed:g}"

    def shown() -> Row:
        spans = [((f" {key}", BOLD), (f" {meaning} ", DIM)) for key, meaning in actions]
        return [span for pair in spans for span in pair]

    while len(actions) > 1 and row_width(shown()) + len(state) + 2 > view.width:
        del actions[-2]  # the last action, quitting, is never left out
    return spread(shown() if controls.keys else [], [(f"{state} ", BOLD)], view.width)
