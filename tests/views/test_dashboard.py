"""Frames of a run: their content, their exact size, and that they show nothing of later ticks."""

import io
import re
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from stallsim.kinds import EventKind
from stallsim.profile.scenario import ClientGroup
from stallsim.timeline.records import Event
from stallsim.timeline.timeline import Timeline
from stallsim.views.drawing.controls import Controls
from stallsim.views.drawing.dashboard import Dashboard, render
from stallsim.views.drawing.palette import ASCII, UNICODE, Glyphs

from ..pure.events import CLASSES, carrying
from .golden_file import check
from .scenes import crowd, make_timeline, perform, sleeping_tab

TAB, CROWD = sleeping_tab(), crowd(300)
SLEEPER = Controls(focus=1)


def printed(timeline: Timeline, tick: int, width: int, height: int, no_color: bool) -> str:
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=True, width=width, height=height, color_system="standard",
        no_color=no_color, _environ={},
    )  # fmt: skip
    console.print(render(timeline, tick, SLEEPER, width, height))
    return out.getvalue()


@pytest.mark.parametrize(("width", "height"), [(60, 20), (80, 24), (160, 50)])
@pytest.mark.parametrize("tick", [30, 120, 151])
def test_golden(width: int, height: int, tick: int) -> None:
    check(f"tab-{width}x{height}-{tick}", render(TAB, tick, SLEEPER, width, height).text)


def test_golden_ascii() -> None:
    frame = render(TAB, 120, SLEEPER, 80, 24, ASCII)
    assert frame.text.isascii()
    check("tab-80x24-120-ascii", frame.text)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (160, 50)])
def test_golden_crowd(width: int, height: int) -> None:
    check(f"crowd-{width}x{height}", render(CROWD, 59, Controls(focus=300), width, height).text)


def test_golden_no_color() -> None:
    text = printed(TAB, 120, 80, 24, no_color=True)
    check("tab-80x24-120-no-color", text.replace("\x1b", "ESC"))
    codes = {code for codes in re.findall(r"\x1b\[([0-9;]*)m", text) for code in codes.split(";")}
    assert codes <= {"0", "1", "2", "7"}, "weights only"


def test_only_palette_colours_that_no_background_swallows() -> None:
    text = printed(TAB, 120, 160, 50, no_color=False)
    codes = {code for codes in re.findall(r"\x1b\[([0-9;]*)m", text) for code in codes.split(";")}
    assert codes <= {"0", "1", "2", "7", "31", "32", "34", "35"}


@given(st.integers(1, 200), st.integers(1, 60), st.integers(0, 210), st.sampled_from([ASCII, UNICODE]))
def test_any_size_is_kept_to_the_cell(width: int, height: int, tick: int, glyphs: Glyphs) -> None:
    for timeline, focus in ((TAB, 1), (CROWD, 7), (Timeline(), 0)):
        lines = render(timeline, tick, Controls(focus), width, height, glyphs).text.split("\n")
        assert [cell_len(line) for line in lines] == [width] * height


def test_a_frame_knows_nothing_of_what_comes_later() -> None:
    """Live, at its newest tick, the same frame as replayed; only the run's length must be known."""
    live = make_timeline(*TAB.scenario.clients, ticks=200)
    happenings = iter(TAB.happenings)
    happening = next(happenings, None)
    dashboard, replay = Dashboard(live), Dashboard(TAB)
    for tick in range(200):
        for series in TAB.samples:
            live.append(series[tick])
        while happening is not None and happening.tick <= tick:
            live.append(happening)
            happening = next(happenings, None)
        if tick % 7 == 0:
            assert dashboard.frame(tick, SLEEPER, 100, 30).text == replay.frame(tick, SLEEPER, 100, 30).text


def test_going_back_shows_what_was_there() -> None:
    dashboard = Dashboard(TAB)
    forward = [dashboard.frame(tick, SLEEPER, 90, 40).text for tick in range(200)]
    assert [dashboard.frame(tick, SLEEPER, 90, 40).text for tick in range(199, -1, -1)] == forward[::-1]


def test_hostile_text_stays_in_its_place() -> None:
    evil = "\x1b[2J[bold]\u202e\u4e2d\u6587\n" * 9
    timeline = make_timeline(ClientGroup(name="sleeper", kind="sleeping-tab"), ticks=5, title=evil)
    for kind in EventKind:
        texts = {name: evil for name, hint in get_type_hints(CLASSES[kind]).items() if hint is str}
        timeline.append(Event(tick=0, connection=0, what=carrying(kind, **texts)))
    perform(timeline, 5, {0: (1, 5)})
    lines = render(timeline, 4, Controls(), 100, 40).text.split("\n")
    assert all(line.isprintable() and cell_len(line) == 100 for line in lines)


def test_a_crowd_counts_those_it_does_not_show() -> None:
    text = render(CROWD, 59, Controls(focus=300), 80, 24).text
    shown = len(re.findall(r"^. (?:reader #\d+|sleeper) ", text, re.MULTILINE))
    more = re.search(r"(\d+) more: (\d+) flowing", text)
    assert more is not None
    assert int(more[1]) + shown == 301
    assert int(more[1]) == int(more[2])
