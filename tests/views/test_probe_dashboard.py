"""Frames of a probe: inferred values are marked, and unknown values have no number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stallsim.timeline.timeline import Timeline
from stallsim.views.drawing.controls import Controls
from stallsim.views.drawing.crowd import order
from stallsim.views.drawing.dashboard import Dashboard, render
from stallsim.views.drawing.palette import ASCII, UNICODE, Glyphs

from .golden_file import check
from .probe_scenes import BASELINE, FULL, LEFT, STALLS, WAKES, ended, probe, reported, side_by_side

LIVE, OVER, REMOTE = probe(), ended(probe()), ended(probe("wss://192.0.2.1/feed", visible=False))
STALLED = Controls(focus=1)


@pytest.mark.parametrize(("width", "height"), [(60, 20), (80, 24), (120, 36), (160, 50)])
def test_golden(width: int, height: int) -> None:
    check(f"probe-{width}x{height}", render(OVER, FULL + 20, STALLED, width, height).text)


@pytest.mark.parametrize("tick", [0, BASELINE + 5, STALLS + 5, WAKES + 5, LEFT + 5])
def test_golden_stages(tick: int) -> None:
    check(f"probe-80x24-{tick}", render(OVER, tick, STALLED, 80, 24).text)


def test_golden_of_another_machine() -> None:
    text = render(REMOTE, FULL + 20, STALLED, 100, 30).text
    check("probe-100x30-remote", text)
    assert text.count("not visible") >= 2


def test_golden_ascii() -> None:
    frame = render(OVER, FULL + 20, STALLED, 80, 24, ASCII)
    assert frame.text.isascii()
    check("probe-80x24-ascii", frame.text)


def test_what_is_refused_never_stands_without_its_mark() -> None:
    for tick in range(STALLS + 12, WAKES):
        now = OVER.samples[1][tick - BASELINE]
        for width, height in ((60, 20), (80, 24), (160, 50)):
            text = render(OVER, tick, STALLED, width, height).text
            assert f"~{now.queue_bytes:,}" in text
            assert not re.search(rf"[^~]\b{now.queue_bytes:,}\b", text)


def test_the_title_names_stall_and_stage() -> None:
    stages = {BASELINE: "baseline", STALLS: "stops reading", STALLS + 5: "stalled", WAKES: "wakes"}
    for tick, stage in stages.items():
        assert f"stall 1 of 3, stop-reading: {stage} " in render(OVER, tick, STALLED, 100, 30).text
    assert "stop-reading: unbounded-growth" in render(OVER, LEFT + 1, STALLED, 100, 30).text
    assert "stall 2 of 3, zero-window: starts" in render(OVER, LEFT + 6, STALLED, 100, 30).text


def test_the_focus_is_on_the_stall_that_goes_on() -> None:
    moments = Dashboard(OVER).moments
    moments.catch_up()
    assert order(moments, 0) == []
    assert order(moments, BASELINE) == [1, 0]
    assert order(moments, LEFT + 6) == [1, 0]


def test_of_two_that_go_on_the_first_is_shown_and_both_have_a_row() -> None:
    timeline = side_by_side()
    moments = Dashboard(timeline).moments
    moments.catch_up()
    assert order(moments, FULL + 5) == [1, 0, 3, 2]
    text = render(timeline, FULL + 5, STALLED, 160, 50).text
    assert "stall 1 of 3, stop-reading: stalled" in text
    assert all(name in text for name in ("zero-window", "witness-1", "witness-2"))
    assert "RSS 31.0 MB" in text
    assert "RSS 77.0 MB" in render(timeline, FULL + 5, Controls(focus=3), 160, 50).text
    judged = render(timeline, FULL + 9, STALLED, 160, 50).text
    assert "stall 1 of 3, stop-reading: stalled" in judged
    assert "disconnects (high)" in judged


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_at_its_end_it_shows_the_first_screen_of_the_report(glyphs: Glyphs) -> None:
    over = reported(probe())
    text = render(over, LEFT + 5, STALLED, 80, 24, glyphs).text
    check(f"probe-80x24-end{'' if glyphs is UNICODE else '-ascii'}", text)
    assert "OUTCOME" not in render(over, LEFT + 4, STALLED, 80, 24, glyphs).text
    assert text.isascii() == (glyphs is ASCII)
    hostile = render(reported(probe(), ("\x1b[2J\u202e",)), LEFT + 5, STALLED, 80, 24, glyphs).text
    assert all(line.isprintable() and cell_len(line) == 80 for line in hostile.split("\n"))


def test_a_live_frame_is_like_a_replayed_one_but_for_the_length() -> None:
    for tick in (BASELINE, STALLS, FULL, WAKES):
        for row in (0, 1, 2, 5, 10, 12):
            live = render(LIVE, tick, STALLED, 90, 30).text.split("\n")
            assert live[row] == render(OVER, tick, STALLED, 90, 30).text.split("\n")[row]


@given(
    st.integers(1, 200), st.integers(1, 60), st.integers(0, 140), st.sampled_from([ASCII, UNICODE]),
    st.sampled_from([LIVE, OVER, REMOTE]), st.integers(0, 2),
)  # fmt: skip
def test_any_size_is_kept_to_the_cell(
    width: int, height: int, tick: int, glyphs: Glyphs, timeline: Timeline, focus: int
) -> None:
    lines = render(timeline, tick, Controls(focus), width, height, glyphs).text.split("\n")
    assert [cell_len(line) for line in lines] == [width] * height


def test_hostile_text_stays_in_its_place() -> None:
    evil = "\x1b[2J[bold]\u202e\u4e2d\u6587\n" * 9
    lines = render(probe(evil, name=evil), FULL, STALLED, 120, 40).text.split("\n")
    assert all(line.isprintable() and cell_len(line) == 120 for line in lines)
