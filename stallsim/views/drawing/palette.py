"""The styles and glyphs of the dashboard.

A queue has the same colour as on a page and in a figure, readable on white and on black. Every meaning that
a colour has is also shown by a glyph, a word or a weight (NO_COLOR, non-UTF-8).
"""

from typing import NamedTuple

from rich.style import Style

from ..queue_colours import APPLICATION, INSIDE
from ..queue_colours import RECEIVE as RECEIVE_QUEUE
from ..queue_colours import SEND as SEND_QUEUE

PLAIN = Style()
BOLD = Style(bold=True)
DIM = Style(dim=True)
TITLE = Style(bold=True, reverse=True)
GOOD = Style(color="green", bold=True)
BAD = Style(color="red", bold=True)
HELD = Style(color=INSIDE.colour)
RECEIVE = Style(color=RECEIVE_QUEUE.colour)
WINDOW = Style()
SEND = Style(color=SEND_QUEUE.colour)
QUEUE = Style(color=APPLICATION.colour)
SIXTEEN = {
    INSIDE.colour.lower(): "green",
    RECEIVE_QUEUE.colour.lower(): "magenta",
    SEND_QUEUE.colour.lower(): "blue",
    APPLICATION.colour.lower(): "red",
}
"""The nearest colours on a terminal with sixteen colours, all different."""


class Glyphs(NamedTuple):
    """The characters of bars, graphs and marks."""

    levels: str
    """From empty to full, in steps of one eighth (in ASCII, approximately)."""
    unacknowledged: str
    charged: str
    inferred: str
    peak: str
    moving: str
    held_up: str
    wall: str
    corners: tuple[str, str]
    line: str
    here: str
    then: str
    cut: str
    playing: str
    paused: str
    times: str
    steps: str


UNICODE = Glyphs(
    levels=" ▁▂▃▄▅▆▇█",
    unacknowledged="▓",
    charged="░",
    inferred="▒",
    peak="╌",
    moving="◄",
    held_up="×",  # noqa: RUF001 (a multiplication sign, on purpose)
    wall="│",
    corners=("└", "┘"),
    line="─",
    here="▸",
    then="›",  # noqa: RUF001
    cut="…",
    playing="▶",
    paused="‖",
    times="×",  # noqa: RUF001
    steps="←→",
)
ASCII = Glyphs(
    levels=" .,:;+*##",
    unacknowledged="=",
    charged="o",
    inferred="%",
    peak="-",
    moving="<",
    held_up="x",
    wall="|",
    corners=("+", "+"),
    line="-",
    here=">",
    then=">",
    cut=">",
    playing=">",
    paused="||",
    times="x",
    steps="< >",
)
