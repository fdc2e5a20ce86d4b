"""Frames of a watch: the verdict, the worst connections first, the viewer's choices, hostile names."""

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as with_
from rich.cells import cell_len

from stallsim.kinds import TROUBLE
from stallsim.views.drawing.controls import Controls, Key
from stallsim.views.drawing.palette import ASCII, UNICODE, Glyphs
from stallsim.views.terminal.watching import LiveWatch, ReplayedWatch
from stallsim.views.watching.board import Board
from stallsim.views.watching.choices import TROUBLED, Choices
from stallsim.views.watching.plain import PlainLines
from stallsim.views.watching.table import watch_table_lines
from tests.pure.snapshots import BAD, GOOD, look, story

from .golden_file import check

LOOKS = [snapshot for snapshot, _ in story()]
LIVE = Controls(live=True)


def board(**choices: object) -> Board:
    made = Board(LOOKS)
    made.choices = replace(Choices(), **choices)  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize(("width", "height"), [(60, 20), (80, 24), (120, 36)])
def test_golden(width: int, height: int) -> None:
    check(f"watch-{width}x{height}", board(details=True).frame(2, LIVE, width, height).text)


def test_golden_ascii_and_without_details() -> None:
    frame = board().frame(3, LIVE, 80, 24, ASCII)
    assert frame.text.isascii()
    check("watch-80x24-ascii", frame.text)


def test_golden_of_the_table_on_paper() -> None:
    check("watch-table", "\n".join(watch_table_lines(LOOKS[2], 140, "utf-8")))


def test_golden_of_the_lines() -> None:
    out = io.StringIO()
    lines = PlainLines(out)
    for snapshot, changes in story():
        lines.note(snapshot, changes)
    lines.end(LOOKS[-1])
    check("watch-lines", out.getvalue())


@given(
    st.integers(-3, 9), st.integers(1, 160), st.integers(1, 60), st.booleans(), st.booleans(),
    st.sampled_from([UNICODE, ASCII]),
)  # fmt: skip
def test_a_frame_has_the_size_that_is_asked_for(
    tick: int, width: int, height: int, details: bool, help_: bool, glyphs: Glyphs
) -> None:
    controls = replace(LIVE, help=help_)
    lines = board(details=details).frame(tick, controls, width, height, glyphs).text.split("\n")
    assert [cell_len(line) for line in lines] == [width] * height


def test_before_the_first_look_there_is_a_frame_too() -> None:
    assert "under way" in Board([]).frame(0, LIVE, 80, 24).text


def test_keys_choose_what_is_shown() -> None:
    shown = board()
    shown.frame(2, LIVE, 120, 36)
    assert shown.press(Key.NEXT)
    assert shown.choices.chosen == GOOD.cookie
    assert shown.press(Key.SORT)
    assert shown.choices.order == "age"
    assert shown.press(Key.FILTER)
    assert shown.choices.only == TROUBLED
    text = shown.frame(2, LIVE, 120, 36).text
    assert BAD.peer in text
    assert GOOD.peer not in text
    assert "1 more (shown: in trouble)" in text
    assert not shown.press(Key.PAUSE)
    assert not shown.press(7)


@pytest.mark.parametrize("order", ["worst", "age", "unsent", "pinned"])
def test_every_order_but_the_rates_and_the_peers_has_the_stalled_one_first(order: str) -> None:
    assert Choices(order=order).rows(LOOKS[2])[0] == BAD


@pytest.mark.parametrize("order", ["rate", "peer"])
def test_an_order_by_another_figure_has_another_one_first(order: str) -> None:
    assert Choices(order=order).rows(LOOKS[2])[0] == GOOD


def test_frozen_it_shows_the_look_of_that_moment_and_goes_on_when_it_is_not() -> None:
    live = LiveWatch()
    live.note(LOOKS[0], ())
    live.press(Key.PAUSE)
    frozen = live.state
    live.note(LOOKS[1], ())
    assert (live.state, live.tick, live.controls.paused) == (frozen, 0, True)
    live.press(Key.PAUSE)
    assert (live.tick, live.controls.paused) == (1, False)
    live.press(Key.HELP)
    live.press(Key.QUIT)
    assert not live.over, "the first q closes the page of keys"
    live.press(Key.QUIT)
    assert live.over


def test_a_recorded_watch_can_be_jumped_through_by_its_changes() -> None:
    replayed = ReplayedWatch(LOOKS, 1.0, stays=False)
    ticks = []
    for _ in range(3):
        replayed.press(Key.NEXT_EVENT)
        ticks.append(replayed.tick)
    assert ticks == [1, 2, 4]
    replayed.press(3)
    replayed.press(Key.ENTER)
    assert replayed.tick == 3
    assert not replayed.board.choices.details, "Enter went to the look whose number was typed"
    replayed.press(Key.ENTER)
    assert replayed.board.choices.details


def test_a_peers_name_cannot_draw() -> None:
    """A source that is not the kernel (a recording of somebody's) may hold anything."""
    hostile = with_(BAD, peer="\x1b[2J[bold]evil\n", why="\x1b]0;title\x07")
    snapshot = look(1, hostile, verdict="\x1b[31mred\x1b[0m", notes=("\x1b[H",))
    out = io.StringIO()
    PlainLines(out).note(snapshot, ())
    texts = [Board([snapshot]).frame(0, LIVE, 120, 36).text, *watch_table_lines(snapshot, 140, "utf-8")]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", "".join([*texts, out.getvalue()]))


def test_every_word_of_trouble_has_a_row() -> None:
    crowd = [with_(BAD, cookie=place, word=word.value) for place, word in enumerate(TROUBLE)]
    text = Board([look(1, *crowd)]).frame(0, LIVE, 120, 50).text
    for word in TROUBLE:
        assert f" {word.value} " in text
