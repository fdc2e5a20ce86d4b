"""The player and the live dashboard on a fake console, with a clock that the test moves."""

import io
import math
import os
import pty
import re
import signal
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import trio
from rich.console import Console
from trio.testing import MockClock

from stallsim.timeline.records import RecordingEnd
from stallsim.views.drawing.controls import Key, Press
from stallsim.views.terminal.keyboard import Keyboard
from stallsim.views.terminal.live import follow_run
from stallsim.views.terminal.player import play

from .scenes import FRAME, make_sample, make_timeline, sleeping_tab

LEAVES_ALTERNATE_SCREEN = "\x1b[?1049l"


def console(file: io.StringIO, terminal: bool = True, term: str = "xterm") -> Console:
    return Console(file=file, force_terminal=terminal, width=80, height=24, _environ={"TERM": term})


class Script(Keyboard):
    """A keyboard that presses keys at times of its own."""

    def __init__(self, *presses: tuple[float, Press]) -> None:
        super().__init__(-1)
        self.present = True
        self._presses = list(presses)

    @contextmanager
    def cbreak(self) -> Iterator[None]:
        yield

    async def pressed(self) -> None:
        await trio.sleep_until(self._presses[0][0] if self._presses else math.inf)

    def read(self) -> list[Press]:
        keys: list[Press] = []
        while self._presses and self._presses[0][0] <= trio.current_time():
            keys.append(self._presses.pop(0)[1])
        return keys


@pytest.fixture
def autojump() -> MockClock:
    return MockClock(autojump_threshold=0)


def run(clock: MockClock, *args: Any) -> tuple[Any, float]:
    async def timed() -> tuple[Any, float]:
        began = trio.current_time()
        return await args[0](*args[1:]), trio.current_time() - began

    return trio.run(timed, clock=clock)


def test_plays_to_the_end(autojump: MockClock, monkeypatch: pytest.MonkeyPatch) -> None:
    free = SimpleNamespace(perf_counter=lambda: 0.0)  # drawing keeps to a tenth of the machine's time
    monkeypatch.setattr("stallsim.views.terminal.screen.time", free)
    out = io.StringIO()
    ending, seconds = run(autojump, play, sleeping_tab(), 1.0, console(out), Script())
    assert ending == "ended"
    assert seconds == pytest.approx(13.5, abs=0.5)
    text = out.getvalue()
    assert text.endswith(LEAVES_ALTERNATE_SCREEN)
    assert "tick 199/199" in text
    assert 100 < text.count("lockstep") <= 136, "at most ten frames a second"


def test_speed_and_quitting(autojump: MockClock) -> None:
    _, seconds = run(autojump, play, sleeping_tab(), 4.0, console(io.StringIO()), Script())
    assert seconds == pytest.approx(4.5, abs=0.5)
    ending, seconds = run(
        autojump, play, sleeping_tab(), 1.0, console(io.StringIO()), Script((2.0, Key.QUIT))
    )
    assert ending == "quit"


def test_the_end_stays_until_a_key(autojump: MockClock) -> None:
    out = io.StringIO()
    keys = Script((0.0, Key.END), (500.0, Key.BACK), (600.0, Key.END), (1000.0, Key.ENTER))

    async def stay() -> str:
        return await play(sleeping_tab(), 1.0, console(out), keys, stays=True)

    ending, seconds = run(autojump, stay)
    assert ending == "quit"
    assert seconds == pytest.approx(1000, abs=1)
    assert "the end" in out.getvalue()
    assert "tick 198/199" in out.getvalue()


def test_without_a_keyboard_nothing_waits_for_one(autojump: MockClock) -> None:
    async def stay() -> str:
        return await play(sleeping_tab(), 4.0, console(io.StringIO()), Keyboard(-1), stays=True)

    assert run(autojump, stay)[0] == "ended"


def test_a_live_run_that_has_ended_can_be_gone_through(autojump: MockClock) -> None:
    """The last frame stays, and the keys are those of a replay."""
    out = io.StringIO()
    keys = Script((0.5, Key.NEXT), (5.0, Key.BACK_TEN), (9.0, Key.END), (20.0, Key.QUIT))

    async def follow() -> str:
        return await follow_run(sleeping_tab(), console(out), keys, stays=True)

    ending, seconds = run(autojump, follow)
    assert ending == "ended", "the run was not cut short"
    assert seconds == pytest.approx(20, abs=1)
    assert "tick 189/199" in out.getvalue()


def test_a_key_pressed_before_the_first_frame_counts(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    os.write(ours, b"q")
    out = io.StringIO()

    async def show() -> str:
        with trio.fail_after(10):
            return await play(sleeping_tab(), 0.01, console(out), Keyboard(theirs), stays=True)

    assert trio.run(show) == "quit"


def test_paused_nothing_is_drawn(autojump: MockClock) -> None:
    out = io.StringIO()
    keys = Script((0.0, Key.PAUSE), (500.0, Key.NEXT), (1000.0, Key.QUIT))
    ending, seconds = run(autojump, play, sleeping_tab(), 1.0, console(out), keys)
    assert ending == "quit"
    assert seconds == pytest.approx(1000, abs=1)
    assert out.getvalue().count("paused") == 2, "once when paused, once for the new focus"


@pytest.mark.parametrize("terminal", [False, True])
def test_what_cannot_be_drawn_on_gets_plain_lines(autojump: MockClock, terminal: bool) -> None:
    out = io.StringIO()
    target = console(out, terminal, term="dumb")
    assert run(autojump, play, sleeping_tab(), 1.0, target, Script())[0] == "ended"
    assert out.getvalue().startswith("run=synthetic ")
    assert "\x1b" not in out.getvalue()
    live = io.StringIO()
    assert (
        run(autojump, follow_run, sleeping_tab(), console(live, terminal, "dumb"), Script())[0] == "ended"
    )
    assert live.getvalue() == out.getvalue()


def test_watch_follows_a_growing_run(autojump: MockClock) -> None:
    out = io.StringIO()
    source = sleeping_tab()
    timeline = make_timeline(*source.scenario.clients, ticks=200)

    async def grow() -> str:
        endings = []

        async def show() -> None:
            endings.append(await follow_run(timeline, console(out), Script((1.0, Key.NEXT))))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(show)
            for tick in range(50):
                for number in (0, 1):
                    timeline.append(make_sample(tick=tick, connection=number, read_bytes=tick * FRAME))
                await trio.sleep(0.1)
            timeline.append(RecordingEnd(tick=49, attempts=1, wall_s=5.0))
        return str(endings[0])

    assert trio.run(grow, clock=autojump) == "ended"
    seen = {int(tick) for tick in re.findall(r"tick +(\d+)/199", out.getvalue())}
    assert len(seen) > 2, "it is drawn while it grows; a busy machine draws fewer frames"
    assert "tick 49/49" in out.getvalue()
    assert "live" in out.getvalue()


def test_watch_quits(autojump: MockClock) -> None:
    timeline = make_timeline(*sleeping_tab().scenario.clients, ticks=200)
    out = console(io.StringIO())
    assert run(autojump, follow_run, timeline, out, Script((3.0, Key.QUIT)))[0] == "quit"


class Broken(io.StringIO):
    """A terminal that is gone after some frames."""

    def write(self, text: str) -> int:
        if self.tell() > 20_000:
            raise OSError("gone")
        return super().write(text)


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("how", ["quit", "cancel", "error"])
def test_the_terminal_is_as_it_was(terminal: tuple[int, int], how: str) -> None:
    ours, theirs = terminal
    before = termios.tcgetattr(theirs)
    handler = signal.getsignal(signal.SIGTSTP)
    out = Broken() if how == "error" else io.StringIO()

    async def show() -> None:
        during = []
        with trio.move_on_after(10) as scope:
            async with trio.open_nursery() as nursery:

                async def act() -> None:
                    await trio.sleep(0.3)
                    during.append(termios.tcgetattr(theirs)[3] & termios.ICANON)
                    if how == "cancel":
                        scope.cancel()
                    elif how == "quit":
                        os.write(ours, b"\tq")

                nursery.start_soon(act)
                await play(sleeping_tab(), 1.0, console(out), Keyboard(theirs))
        assert during == [0], "single keys while it played"
        assert scope.cancelled_caught == (how == "cancel")

    if how == "error":
        with pytest.raises(ExceptionGroup) as raised:
            trio.run(show)
        assert raised.group_contains(OSError, match="gone")
    else:
        trio.run(show)
        assert out.getvalue().endswith(LEAVES_ALTERNATE_SCREEN)
    assert termios.tcgetattr(theirs) == before
    assert signal.getsignal(signal.SIGTSTP) is handler


def test_without_a_terminal_there_are_no_keys() -> None:
    reader, writer = os.pipe()
    keyboard = Keyboard(reader)
    with keyboard.cbreak():
        os.write(writer, b"q")
        assert keyboard.read() == []
    assert not keyboard.present
    os.close(reader)
    os.close(writer)
