"""The progress of a run: a bar on a terminal, elsewhere lines, and nothing for a short run."""

import io
import re

import pytest

from stallsim.progress_bar import BarConsole, RunBar
from stallsim.timeline.records import Header
from stallsim.views.progress import RunProgress

from .scenes import make_sample, sleeping_tab

TICKS = 200
HEADER = sleeping_tab().header


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def progress_and_file(clock: "Clock", *, terminal: bool) -> tuple[RunProgress, io.StringIO]:
    out = io.StringIO()
    console = BarConsole(file=out, force_terminal=terminal, width=100, _environ={"TERM": "xterm"})
    return RunProgress(out, (lambda: RunBar(console)) if terminal else None, clock), out


def run(progress: RunProgress, clock: Clock, ticks: int, tick_s: float) -> None:
    """Samples of two connections at every tick, each of which takes so long."""
    assert isinstance(HEADER, Header)
    progress(HEADER)
    for tick in range(ticks):
        clock.now_s += tick_s
        for connection in (0, 1):
            progress(make_sample(tick=tick, connection=connection))


def test_lines_where_there_is_no_terminal() -> None:
    clock = Clock()
    there, out = progress_and_file(clock, terminal=False)
    with there as progress:
        run(progress, clock, TICKS, 0.25)
    assert out.getvalue().splitlines() == [
        "synthetic: tick 40 of 200, 20 %, ~0:40 left",
        "synthetic: tick 80 of 200, 40 %, ~0:30 left",
        "synthetic: tick 120 of 200, 60 %, ~0:20 left",
        "synthetic: tick 160 of 200, 80 %, ~0:10 left",
        "synthetic: tick 200 of 200, 100 %, ~0:00 left",
    ]


@pytest.mark.parametrize(("terminal", "tick_s"), [(False, 0.04), (True, 0.004)])
def test_a_short_run_is_not_mentioned(terminal: bool, tick_s: float) -> None:
    clock = Clock()
    there, out = progress_and_file(clock, terminal=terminal)
    with there as progress:
        run(progress, clock, TICKS, tick_s)
    assert out.getvalue() == ""


def test_a_bar_on_a_terminal_is_drawn_now_and_then_and_leaves_nothing_behind() -> None:
    clock = Clock()
    there, out = progress_and_file(clock, terminal=True)
    with there as progress:
        run(progress, clock, TICKS, 0.05)
        drawn = out.getvalue()
    frames = re.findall(r"tick (\d+) of 200", drawn)
    assert frames == sorted(set(frames), key=int)
    assert 20 < len(frames) < 45, "four a second, after the first second"
    assert "tick 21 of 200, 10 %, ~0:09 left" in drawn
    assert len(re.findall(r"\d+ %, ~\d:\d\d left", drawn)) == len(frames)
    assert "\x1b[?25" not in drawn, "the cursor stays: a signal need not show it again"
    end = out.getvalue().removeprefix(drawn)
    assert end.endswith("\x1b[2K"), "the line is empty"


def test_an_error_gives_the_terminal_back() -> None:
    clock = Clock()
    there, out = progress_and_file(clock, terminal=True)

    def broken() -> None:
        with there as progress:
            run(progress, clock, TICKS // 2, 0.05)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert out.getvalue().endswith("\x1b[2K"), "the line is empty"


def test_a_run_that_is_executed_again_says_so() -> None:
    clock = Clock()
    there, out = progress_and_file(clock, terminal=False)
    with there as progress:
        run(progress, clock, 30, 0.25)
        run(progress, clock, 60, 0.25)
    assert out.getvalue() == "synthetic: tick 40 of 200, 20 %, ~0:40 left, attempt 2\n"


@pytest.mark.parametrize(("tick_s", "left"), [(3.0, "~9:48 left"), (60.0, "~3:19:00 left")])
def test_hours_and_minutes(tick_s: float, left: str) -> None:
    clock = Clock()
    there, out = progress_and_file(clock, terminal=False)
    with there as progress:
        run(progress, clock, 4, tick_s)
    assert left in out.getvalue()
