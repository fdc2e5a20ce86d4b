"""Themes change the colours of a frame and never its text."""

import io
import re

import pytest
from rich.console import Console

from stallsim.views.drawing.controls import Controls
from stallsim.views.drawing.dashboard import render
from stallsim.views.drawing.help import help_rows
from stallsim.views.drawing.lines import View
from stallsim.views.drawing.palette import UNICODE
from stallsim.views.drawing.theme import Theme
from stallsim.views.queue_colours import QUEUES

from .scenes import sleeping_tab

TAB = sleeping_tab()
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def printed(theme: Theme) -> str:
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=True, width=100, height=30, color_system="truecolor", _environ={}
    )
    console.print(render(TAB, 120, Controls(focus=1, theme=theme), 100, 30))
    return out.getvalue()


@pytest.mark.parametrize("theme", Theme)
def test_a_theme_changes_no_letter(theme: Theme) -> None:
    assert ESCAPE.sub("", printed(theme)) == ESCAPE.sub("", printed(Theme.AUTO))


def test_a_queue_has_its_colour_in_every_theme_but_none() -> None:
    """By the styles: rich keeps the codes that a style had on the first console that showed it."""
    for theme in Theme:
        console = Console(file=io.StringIO(), record=True, width=100, height=30, _environ={})
        console.print(render(TAB, 120, Controls(focus=1, theme=theme), 100, 30))
        page = console.export_html()
        for queue in QUEUES[1:]:
            assert (queue.colour.lower() in page.lower()) == (theme is not Theme.NONE)


def test_no_colour_is_no_colour() -> None:
    codes = {code for one in ESCAPE.findall(printed(Theme.NONE)) for code in one[2:-1].split(";")}
    assert codes <= {"0", "1", "2", "7"}


def test_a_light_theme_covers_the_ground_and_dims_nothing() -> None:
    escapes = ESCAPE.findall(printed(Theme.LIGHT))
    assert all("48;2;255;255;255" in one or "7;" in one for one in escapes if one != "\x1b[0m")
    assert not any(one.startswith("\x1b[2;") for one in escapes)


def test_colours_are_told_apart_in_their_luminance_from_black_and_white() -> None:
    """Contrast of at least 3 (WCAG 2.1, 1.4.11), and no two colours the same."""
    assert len({queue.colour for queue in QUEUES}) == len(QUEUES)
    for queue in QUEUES:
        channels = [int(queue.colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 3
        assert (luminance + 0.05) / 0.05 >= 3


@pytest.mark.parametrize(("width", "height"), [(1, 1), (20, 5), (80, 24), (200, 60)])
def test_help_fits_any_terminal(width: int, height: int) -> None:
    controls = Controls(focus=1, help=True)
    lines = render(TAB, 120, controls, width, height).text.split("\n")
    assert [len(line) for line in lines] == [width] * height
    rows = help_rows(View(0, 9, controls, width, height, UNICODE))
    assert max(sum(len(text) for text, _ in row) for row in rows[1:]) <= 80
