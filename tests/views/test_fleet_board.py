"""Frames of a fleet: figures, heat map and graphs at any size, with hostile texts."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stallsim.timeline.fleet.reading import Reading
from stallsim.timeline.histogram import Histogram
from stallsim.views.drawing.controls import Controls, Key
from stallsim.views.drawing.palette import ASCII, UNICODE, Glyphs
from stallsim.views.fleet.board import FleetBoard
from stallsim.views.fleet.heat import heat_rows, over_time
from stallsim.views.fleet.moments import FleetMoment, FleetMoments
from stallsim.views.fleet.table import octaves
from stallsim.views.plain import write_plain
from stallsim.views.terminal.fleet import LiveFleet
from tests.pure.fleets import fleet, reading
from tests.pure.reports import HOSTILE

from .golden_file import check

LIVE = Controls(live=True)


def moments(server: str = "node") -> FleetMoments:
    return FleetMoments.of(fleet(server=server))


@pytest.mark.parametrize(("width", "height"), [(80, 24), (160, 50)])
def test_golden(width: int, height: int) -> None:
    check(f"fleet-{width}x{height}", FleetBoard(moments()).frame(2, LIVE, width, height).text)


def test_golden_of_the_lines() -> None:
    out = io.StringIO()
    write_plain(fleet(), out)
    check("fleet-lines", out.getvalue())


@given(
    st.integers(-3, 9), st.integers(1, 170), st.integers(1, 60), st.booleans(),
    st.sampled_from([UNICODE, ASCII]),
)  # fmt: skip
def test_a_frame_has_its_size_and_shows_nobody_elses_controls(
    tick: int, width: int, height: int, help_: bool, glyphs: Glyphs
) -> None:
    frame = FleetBoard(moments(HOSTILE)).frame(tick, replace(LIVE, help=help_), width, height, glyphs)
    lines = frame.text.split("\n")
    assert len(lines) == height
    assert {cell_len(line) for line in lines} == {width}
    assert all(char.isprintable() or char == "\n" for char in frame.text)
    assert glyphs is UNICODE or frame.text.isascii()


def test_before_the_first_reading_there_is_a_frame() -> None:
    assert "first reading" in FleetBoard(FleetMoments()).frame(-1, LIVE, 80, 24).text


@given(st.lists(st.integers(0, 2**40), min_size=1), st.integers(1, 40))
def test_every_client_has_a_row_of_the_heat_map(queues: list[int], height: int) -> None:
    sizes = octaves(Histogram.of(queues))
    assert sum(sizes) == len(queues)
    rows = heat_rows([FleetMoment(reading(1, "", 1, 1), sizes)], 60, height, UNICODE)
    assert len(rows) <= height
    told = [row[-1][0].strip().replace(",", "") for row in rows]
    assert sum(int(count) for count in told if count) == len(queues)


def test_a_column_is_the_last_moment_of_its_time() -> None:
    seen = [FleetMoment(reading(tick, "", 1, 1), []) for tick in (0, 1, 2, 90, 100)]
    assert [one.reading.tick for one in over_time(seen, 4)] == [2, 2, 2, 100]


def test_a_live_dashboard_is_frozen_and_goes_on() -> None:
    seen = moments()
    live = LiveFleet(seen)
    assert (live.tick, live.controls.paused) == (2, False)
    live.press(Key.PAUSE)
    late = reading(500, "far", 5000, 10)
    assert isinstance(late, Reading)
    seen(late)
    assert (live.tick, live.controls.paused) == (2, True)
    live.press(Key.PAUSE)
    assert live.tick == 3
    live.press(Key.HELP)
    live.press(Key.QUIT)
    assert not live.over
    live.press(Key.QUIT)
    assert live.over


def test_a_replay_can_go_to_the_ends_of_steps_and_to_what_happened() -> None:
    seen = moments()
    assert list(seen.phase_ticks(0)) == [0, 0, 1, 2]
    assert list(seen.event_ticks()) == [0, 1, 2]
