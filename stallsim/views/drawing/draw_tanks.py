"""Draws tanks side by side, or as horizontal bars if there is little room."""

from rich.style import Style

from .frame import Row, beside
from .palette import BAD, BOLD, DIM, PLAIN, Glyphs
from .scale import bytes_in
from .tanks import Tank


def tanks_side_by_side(
    tanks: list[Tank], moving: list[bool | None], width: int, height: int, glyphs: Glyphs
) -> list[Row]:
    """The tanks side by side in ``height`` rows (at least 5), with the flow between them."""
    gap = 3 if width >= 77 else 1
    each = (width - 4 * gap) // 5
    notes = 1 if height < 9 else 2 if height < 12 else 3 if height < 14 else 4
    depth = height - 3 - notes
    columns: list[tuple[list[Row], int]] = []
    for place, tank in enumerate(tanks):
        if place:
            columns.append((_flow(moving[place - 1], gap, depth, glyphs), gap))
        columns.append((_tank_rows(tank, each, depth, notes, glyphs), each))
    return beside(columns, glyphs, gap=0)


def tanks_as_bars(tanks: list[Tank], width: int, height: int, glyphs: Glyphs) -> list[Row]:
    """The tanks as one bar each, for small terminals; the most important tanks are kept."""
    kept = sorted(sorted(range(len(tanks)), key=(4, 3, 1, 2, 0).index)[:height])
    rows: list[Row] = []
    for tank in (tanks[place] for place in kept):
        number = f"{_number(tank, 9):>10} "
        room = max(0, width - 8 - len(number))
        bar = "".join(glyph * count for glyph, count in _cells(tank, room, glyphs))
        style = tank.layers[-1].style
        rows.append([(f"{tank.short:<8}", PLAIN), (number, BOLD), (f"{bar:<{room}}"[:room], style)])
    return rows


def _tank_rows(tank: Tank, width: int, depth: int, notes: int, glyphs: Glyphs) -> list[Row]:
    inner = width - 2
    value = _number(tank, inner)
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


def _number(tank: Tank, room: int) -> str:
    return "?" if tank.mark == "?" else tank.mark + bytes_in(tank.value, room - len(tank.mark))


def _level(tank: Tank, level: int, depth: int, glyphs: Glyphs) -> tuple[str, Style]:
    """One row of a tank: the layer that fills at least a third of the row, or the surface within
    the row.
    """
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
    """A horizontal bar, layer by layer; a solid layer that is not empty has at least one cell."""
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
