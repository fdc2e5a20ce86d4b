"""The one picture: five tanks side by side, the client on the left, the producer on the right.

A tank is as high as its limit in memory. What fills it is drawn in layers: payload as it was read
from the kernel, solid; on top of it, hatched, the memory that the kernel charges beyond the payload
(headers, half-used pages), which is what its limit is compared with. The percentage is that charge.
The application queue, the window and the client's inside have no limit that the kernel knows of; they
are drawn against a round scale.
"""

from typing import NamedTuple

from rich.style import Style

from ..sample import Refusal, Sample
from ..units import format_count, format_size
from .frame import BAD, BOLD, DIM, HELD, PLAIN, QUEUE, RECEIVE, SEND, WINDOW, Glyphs, Row, beside
from .moments import Moments
from .scale import bytes_in, percent, round_scale


class Layer(NamedTuple):
    """Bytes of one sort within a tank; ``glyph`` None is solid."""

    size: int
    glyph: str | None
    style: Style


class Tank(NamedTuple):
    """One place where bytes pile up, at one moment."""

    side: str
    name: str
    short: str
    value: int
    scale: int
    layers: list[Layer]
    notes: list[str]
    peak: int = 0
    alarm: bool = False


def tanks_of(moments: Moments, connection: int, tick: int, glyphs: Glyphs) -> list[Tank]:
    """The five tanks of a connection from the client to the producer; none before its first sample."""
    now = moments.sample(connection, tick)
    if now is None:
        return []

    def peak(field: str) -> int:
        return moments.peak(connection, field, tick)

    inside = Tank(
        "client", "process", "inside", now.held_bytes, round_scale(peak("held_bytes")),
        [Layer(now.held_bytes, None, HELD)],
        ["held inside", f"read {format_size(now.read_bytes)}", f"{now.read_messages:,} msgs"],
    )  # fmt: skip
    receive = Tank(
        "client kernel", "receive queue", "receive", now.rcvq_bytes,
        max(1, now.rcvbuf_bytes, now.rmem_alloc_bytes, now.rcvq_bytes),
        [
            Layer(now.rcvq_bytes, None, RECEIVE),
            Layer(max(0, now.rmem_alloc_bytes - now.rcvq_bytes), glyphs.charged, RECEIVE),
        ],
        [*_of(now.rmem_alloc_bytes, now.rcvbuf_bytes), f"mss {now.snd_mss_bytes}"],
    )  # fmt: skip
    usable = max(0, now.snd_wnd_bytes - now.inflight_bytes)
    window = Tank(
        "advertised", "window", "window", now.snd_wnd_bytes, round_scale(peak("snd_wnd_bytes")),
        [Layer(now.snd_wnd_bytes, None, WINDOW)],
        [_window_state(now), f"peak {format_size(peak('snd_wnd_bytes'))}", f"usable {format_size(usable)}"],
        alarm=now.snd_wnd_bytes == 0 or now.window_shut,
    )  # fmt: skip
    send = Tank(
        "server kernel", "send queue", "send", now.outq_bytes,
        max(1, now.sndbuf_bytes, now.wmem_queued_bytes, now.outq_bytes),
        [
            Layer(now.inflight_bytes, glyphs.unacknowledged, SEND),
            Layer(now.notsent_bytes, None, SEND),
            Layer(max(0, now.wmem_queued_bytes - now.outq_bytes), glyphs.charged, SEND),
        ],
        [*_of(now.wmem_queued_bytes, now.sndbuf_bytes), f"unsent {format_size(now.notsent_bytes)}",
         _room(now)],
        alarm=now.refusal is not Refusal.NONE,
    )  # fmt: skip
    highest = peak("queue_bytes")
    waiting = "msg" if now.queue_messages == 1 else "msgs"
    lost = now.dropped_bytes + now.discarded_bytes
    queue = Tank(
        "application", "queue", "queue", now.queue_bytes, round_scale(highest),
        [Layer(now.queue_bytes, None, QUEUE)],
        [f"{format_count(now.queue_messages)} {waiting}", f"peak {format_size(highest)}",
         f"lost {format_size(lost)}" if lost else "none lost"],
        peak=highest, alarm=now.queue_bytes > 0,
    )  # fmt: skip
    return [inside, receive, window, send, queue]


def upright(
    tanks: list[Tank], moving: list[bool | None], width: int, height: int, glyphs: Glyphs
) -> list[Row]:
    """The tanks as vessels side by side in ``height`` rows (at least 5), the flow between them."""
    gap = 3 if width >= 77 else 1
    each = (width - 4 * gap) // 5
    notes = 1 if height < 9 else 2 if height < 12 else 3 if height < 14 else 4
    depth = height - 3 - notes
    columns: list[tuple[list[Row], int]] = []
    for place, tank in enumerate(tanks):
        if place:
            columns.append((_flow(moving[place - 1], gap, depth, glyphs), gap))
        columns.append((_vessel(tank, each, depth, notes, glyphs), each))
    return beside(columns, glyphs, gap=0)


def lying(tanks: list[Tank], width: int, height: int, glyphs: Glyphs) -> list[Row]:
    """The tanks as one bar each, for small terminals; what matters most is kept."""
    kept = sorted(sorted(range(len(tanks)), key=(4, 3, 1, 2, 0).index)[:height])
    rows: list[Row] = []
    for tank in (tanks[place] for place in kept):
        number = f"{bytes_in(tank.value, 9):>10} "
        room = max(0, width - 8 - len(number))
        bar = "".join(glyph * count for glyph, count in _cells(tank, room, glyphs))
        style = tank.layers[-1].style
        rows.append([(f"{tank.short:<8}", PLAIN), (number, BOLD), (f"{bar:<{room}}"[:room], style)])
    return rows


def flows(before: Sample | None, now: Sample | None) -> list[bool | None]:
    """Between each two tanks: bytes moved this tick (True), wait (False), or there are none (None)."""
    if now is None or before is None:
        return [None] * 4

    def moved(field: str, waiting: int) -> bool | None:
        return getattr(now, field) > getattr(before, field) or (False if waiting else None)

    into_kernel = moved("received_bytes", now.outq_bytes)
    read = moved("read_bytes", now.rcvq_bytes)
    return [read, into_kernel, into_kernel, moved("accepted_bytes", now.queue_bytes)]


def _vessel(tank: Tank, width: int, depth: int, notes: int, glyphs: Glyphs) -> list[Row]:
    inner = width - 2
    value = bytes_in(tank.value, inner)
    floor = glyphs.line * (inner - len(value) - 1) + " " if len(value) < inner else ""
    side, name = tank.side, tank.name
    if max(len(side), len(name)) > width:
        side, name = side.split()[-1], name.split()[0]
    rows: list[Row] = [[(f"{side:^{width}}", DIM)], [(f"{name:^{width}}", BOLD)]]
    for level in range(depth - 1, -1, -1):
        glyph, style = _level(tank, level, depth, glyphs)
        rows.append([(glyphs.wall, DIM), (glyph * inner, style), (glyphs.wall, DIM)])
    left, right = glyphs.corners
    number = BAD if tank.alarm else BOLD
    rows.append([(left + floor, DIM), (f"{value:>{inner - len(floor)}}", number), (right, DIM)])
    rows += [[(f"{note[:width]:>{width}}", PLAIN)] for note in tank.notes[:notes]]
    return rows


def _level(tank: Tank, level: int, depth: int, glyphs: Glyphs) -> tuple[str, Style]:
    """What one row of a vessel shows: the layer that reaches well into it, or the surface within it."""
    bottom, top = tank.scale * level / depth, tank.scale * (level + 1) / depth
    surface = 0
    for layer in tank.layers:
        surface += layer.size
        if surface >= bottom + (top - bottom) / 3 and layer.size:
            if layer.glyph:
                return layer.glyph, layer.style
            break
    if surface > bottom:
        shown = [layer for layer in tank.layers if layer.size]
        solid = next((layer for layer in reversed(shown) if not layer.glyph), None)
        if solid is None:
            return shown[-1].glyph or " ", shown[-1].style
        eighths = round(8 * (sum(layer.size for layer in tank.layers) - bottom) / (top - bottom))
        return glyphs.levels[min(8, max(1, eighths))], solid.style
    if bottom < tank.peak <= top:
        return glyphs.peak, DIM
    return " ", PLAIN


def _cells(tank: Tank, room: int, glyphs: Glyphs) -> list[tuple[str, int]]:
    """A lying bar, layer by layer; what is not empty shows at least one cell."""
    cells, end, total = [], 0, 0
    for layer in tank.layers:
        total += layer.size
        reach = min(room, round(room * total / max(1, tank.scale)))
        reach = max(reach, end + 1) if layer.size and not layer.glyph else reach
        cells.append((layer.glyph or glyphs.levels[8], max(0, reach - end)))
        end = max(end, reach)
    return cells


def _flow(moving: bool | None, gap: int, depth: int, glyphs: Glyphs) -> list[Row]:
    mark = " " if moving is None else glyphs.moving if moving else glyphs.held_up
    style = BAD if moving is False else BOLD
    return [[]] * (2 + (depth - 1) // 2) + [[(f"{mark:^{gap}}", style)]]


def _of(charged: int, limit: int) -> list[str]:
    return [f"{percent(charged, limit)} memory", f"of {format_size(limit)}"]


def _window_state(now: Sample) -> str:
    if now.snd_wnd_bytes == 0:
        return "zero window"
    return "shut" if now.window_shut else "open"


def _room(now: Sample) -> str:
    """An estimate: how much payload still fits, if it is charged like the payload that is there."""
    if now.refusal is not Refusal.NONE:
        return "no room"
    free = max(0, now.sndbuf_bytes - now.wmem_queued_bytes)
    per_byte = now.wmem_queued_bytes / now.outq_bytes if now.outq_bytes else 1.0
    return f"room ~{format_size(free / max(per_byte, 1.0))}"
