"""Writes one frame as an SVG file, for pages that cannot run a terminal."""

import io
import re
from pathlib import Path

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from ...timeline.timeline import Timeline
from .controls import Controls
from .crowd import order
from .dashboard import Dashboard
from .frame import Row

_PIECES = re.compile(r" +|[^ ]+(?: [^ ]+)*")
_GAP = Style(color="default")
"""Looks like no style, but rich does not merge it with the text beside it."""


def export_svg(timeline: Timeline, tick: int, path: Path, width: int = 110, height: int = 34) -> None:
    """Write the dashboard at ``tick`` to ``path``. Raises OSError if it cannot be written."""
    dashboard = Dashboard(timeline)
    dashboard.moments.catch_up()
    focus = next(iter(order(dashboard.moments, tick)), 0)
    # One row more than the picture has: the last row, with the keys, has no use in a picture.
    frame = dashboard.frame(tick, Controls(focus, keys=False), width, height + 1)
    console = Console(
        file=io.StringIO(),
        record=True,
        width=width,
        height=height,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(Paper(frame.rows[:height]))
    path.write_text(console.export_svg(title=f"stallsim {timeline.scenario.profile}"), encoding="utf-8")


class Paper:
    """Rows in which no text begins or ends with a space, since some SVG renderers do not draw such
    spaces.
    """

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for row in self._rows:
            for text, style in row:
                for piece in _PIECES.findall(text) if not style.reverse else [text]:
                    yield Segment(piece, _GAP if piece.isspace() else style)
            yield Segment.line()
