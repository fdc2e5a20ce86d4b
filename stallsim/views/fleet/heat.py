"""The send queues as a heat map: time to the right, sizes upwards, and the number of clients as a shade."""

from collections.abc import Sequence

from ...units import format_count, format_size
from ..drawing.frame import Row
from ..drawing.palette import DIM, PLAIN, SEND, Glyphs
from .moments import FleetMoment

_LABEL_CELLS, _COUNT_CELLS = 9, 9
_SHARES = (0.01, 0.1, 0.5)


def shades(glyphs: Glyphs) -> tuple[str, ...]:
    """The shades, from no client to nearly all of them."""
    return " ", glyphs.charged, glyphs.inferred, glyphs.unacknowledged, glyphs.levels[-1]


def shade_legend(glyphs: Glyphs) -> str:
    """What each shade means."""
    few, some, many, most = shades(glyphs)[1:]
    return f"clients: {few} to 1 %  {some} to 10 %  {many} to half  {most} more"


def heat_rows(moments: Sequence[FleetMoment], width: int, height: int, glyphs: Glyphs) -> list[Row]:
    """At most ``height`` rows, the largest queues on top. A row is one power of two, or several if
    there are more powers than rows. The number at the right says how many clients have that size now.
    """
    sizes = max((len(one.octaves) for one in moments), default=0)
    room = width - _LABEL_CELLS - _COUNT_CELLS
    if not sizes or height < 1 or room < 1:
        return [[(" the server's ends of the connections are not visible", DIM)]][:height]
    each = -(-sizes // height)
    rows: list[Row] = []
    columns = over_time(moments, room)
    for first in reversed(range(0, sizes, each)):
        cells = "".join(_shade(one, first, each, glyphs) for one in columns)
        label = "empty" if first == 0 and each == 1 else f"{format_size(1 << max(0, first - 1))}+"
        if first == 0 and each > 1:
            label = f"to {format_size((1 << each - 1) - 1)}"
        now = sum(moments[-1].octaves[first : first + each])
        count = format_count(now) if now else ""
        rows.append(
            [
                (f"{label:>{_LABEL_CELLS - 1}} ", DIM),
                (f"{cells:<{room}}", SEND),
                (f"{count:>{_COUNT_CELLS}}", PLAIN),
            ]
        )
    return rows


def over_time(moments: Sequence[FleetMoment], columns: int) -> list[FleetMoment]:
    """The last moment of each column of equal time; at first there are fewer columns than fit."""
    first, last = moments[0].reading.tick, moments[-1].reading.tick
    columns = min(columns, max(1, last - first))
    ends = (first + (last - first) * (number + 1) / columns for number in range(columns))
    chosen, place = [], 0
    for end in ends:
        while place + 1 < len(moments) and moments[place + 1].reading.tick <= end:
            place += 1
        chosen.append(moments[place])
    return chosen


def _shade(one: FleetMoment, first: int, each: int, glyphs: Glyphs) -> str:
    count, total = sum(one.octaves[first : first + each]), sum(one.octaves)
    if not count:
        return " "
    share = count / total
    return shades(glyphs)[1 + sum(share > limit for limit in _SHARES)]
