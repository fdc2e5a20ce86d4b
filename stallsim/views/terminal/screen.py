"""Draws frames on a terminal: the alternate screen, the keys, suspension, and a bound on the time for
drawing.

Frames are written from the caller's task, never from a thread. Drawing takes at most a tenth of the time:
after a frame that took d seconds (of computing, or of a slow link), the next one waits 9 d.
"""

import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial

import trio
from rich.console import Console
from rich.live import Live

from ...signals import End, restored_on_leaving
from ..drawing.controls import Course
from ..drawing.drawn import Drawn
from ..drawing.palette import ASCII, UNICODE
from ..drawing.theme import Theme
from .keyboard import Keyboard

REFRESH_S = 0.1
"""The least time between two frames, in seconds."""
_REST_PER_WORK = 9.0


def drawable(console: Console) -> bool:
    """Whether the console is a terminal that a frame can be drawn on."""
    return console.is_terminal and not console.is_dumb_terminal


class Screen:
    """The terminal while a dashboard is drawn on it (``open_screen``)."""

    def __init__(self, console: Console, keyboard: Keyboard, theme: Theme) -> None:
        self._console = console
        self._theme = theme
        self._keyboard = keyboard
        self._glyphs = ASCII if console.options.ascii_only else UNICODE
        self._live: Live | None = None
        self._taken = ExitStack()
        self._shown: object = None
        self._due_s = 0.0
        self._changing = False
        self._then: End | None = None
        """Ends this process as soon as the terminal has been restored; None if no signal asked for it."""
        self.stop_requested = False
        """Whether Ctrl-Z was pressed."""

    async def follow(self, course: Course, drawn: Drawn) -> None:
        """Draw until the course is over."""
        last_s = trio.current_time()
        while not course.over:
            if self.stop_requested:
                self._suspend()
                last_s = trio.current_time()
            self._show(course, drawn)
            with trio.move_on_after(REFRESH_S):
                await self._keyboard.pressed()
            for key in self._keyboard.read():
                course.press(key)
            now_s = trio.current_time()
            course.advance(now_s - last_s)
            last_s = now_s

    def take(self) -> None:
        """Switch to the alternate screen and to single keys."""
        with self._undivided():
            self._taken.enter_context(self._keyboard.cbreak())
            self._live = Live(
                console=self._console,
                screen=True,
                auto_refresh=False,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._taken.enter_context(self._live)
            self._shown = None

    def give_back(self) -> None:
        """Restore the terminal, unless it has hung up."""
        with self._undivided():
            self._live = None
            with suppress(OSError):
                self._taken.close()

    def leave(self, end: End) -> None:
        """Restore the terminal and end this process; if the terminal is being changed, do so afterwards."""
        self._discard()
        if self._changing:
            self._then = end
            return
        self.give_back()
        end()

    def _discard(self) -> None:
        """Discard output that was written and not shown. A terminal that is not read takes nothing more,
        and ending the process must not wait for it. Ctrl-Backslash does the same (termios(3), NOFLSH).
        """
        with suppress(termios.error, OSError, ValueError):  # no terminal, or one that has hung up
            termios.tcflush(self._console.file.fileno(), termios.TCOFLUSH)

    @contextmanager
    def _undivided(self) -> Iterator[None]:
        """Complete a change of the terminal before a signal ends the process, since half a change could not
        be undone. A second signal cannot interrupt it either.
        """
        outer, self._changing = self._changing, True
        try:
            yield
        finally:
            self._changing = outer
        if self._then is not None and not outer:
            end, self._then = self._then, None
            self.leave(end)

    def _show(self, course: Course, drawn: Drawn) -> None:
        """Draw a frame if it is due and something has changed, for example the terminal's size."""
        width, height = self._console.size
        controls = replace(course.controls, keys=self._keyboard.present, theme=self._theme)
        wanted = (course.tick, controls, width, height, drawn.state)
        if self._live is None or wanted == self._shown or trio.current_time() < self._due_s:
            return
        began_s = time.perf_counter()
        frame = drawn.frame(course.tick, controls, width, height, self._glyphs)
        with self._undivided():
            self._live.update(frame, refresh=True)
        took_s = time.perf_counter() - began_s
        self._due_s = trio.current_time() + max(REFRESH_S * 0.99, _REST_PER_WORK * took_s)
        self._shown = wanted

    def _suspend(self) -> None:
        """Restore the terminal and stop, as Ctrl-Z does; take the terminal again when continued."""
        self.stop_requested = False
        self.give_back()
        os.kill(os.getpid(), signal.SIGSTOP)
        self.take()


@contextmanager
def open_screen(
    console: Console, keyboard: Keyboard | None = None, theme: Theme = Theme.AUTO
) -> Iterator[Screen]:
    """Take the terminal; restore it on leaving, also on cancellation and errors."""
    screen = Screen(console, keyboard or standard_keyboard(), theme)
    with restored_on_leaving(screen.leave), _terminal_signals(screen):
        try:
            screen.take()
            yield screen
        finally:
            screen.give_back()


def _end_by(number: int) -> None:
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def standard_keyboard() -> Keyboard:
    """The keyboard on standard input."""
    return Keyboard(sys.__stdin__.fileno() if sys.__stdin__ else -1)


@contextmanager
def _terminal_signals(screen: Screen) -> Iterator[None]:
    """Let SIGTSTP (Ctrl-Z) stop and SIGQUIT end this process, each after the terminal has been restored.

    Only the main thread may install handlers; an ignored signal (no job control) stays ignored.
    """

    def request_stop(_number: int, _stack: object) -> None:
        screen.stop_requested = True

    def quit_now(number: int, _stack: object) -> None:
        screen.leave(partial(_end_by, number))

    before = {}
    if threading.current_thread() is threading.main_thread():
        for number, handler in ((signal.SIGTSTP, request_stop), (signal.SIGQUIT, quit_now)):
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handler_before in before.items():
            signal.signal(number, handler_before or signal.SIG_DFL)
