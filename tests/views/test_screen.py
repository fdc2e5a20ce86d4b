"""A signal that comes while the terminal is being changed leaves the terminal as it was."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console

from stallsim.progress_bar import BarConsole, ProgressBar
from stallsim.views.drawing.theme import Theme
from stallsim.views.terminal.keyboard import Keyboard
from stallsim.views.terminal.screen import Screen

SHOWN, HIDDEN, NORMAL = "\x1b[?25h", "\x1b[?25l", "\x1b[?1049l"


class Terminal(io.StringIO):
    """Calls something when it is given that text."""

    def __init__(self, text: str = "", then: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.text, self.then = text, then

    def write(self, text: str) -> int:
        """Called before the text is there."""
        if self.text and self.text in text:
            self.text = ""
            self.then()
        return super().write(text)


class Keys(Keyboard):
    """Calls something when single keys begin, and when they end, before they do."""

    def __init__(self, begin: Callable[[], None], end: Callable[[], None]) -> None:
        super().__init__(-1)
        self._begin, self._end, self.single = begin, end, False

    @contextmanager
    def cbreak(self) -> Iterator[None]:
        """Tells when they are single keys."""
        self.single = True
        self._begin()
        yield
        self._end()
        self.single = False


@pytest.mark.parametrize("moment", ["keys begin", "keys end", "the screen is left"])
def test_a_signal_amid_taking_or_giving_back_ends_it_when_that_is_done(moment: str) -> None:
    """In the last two it is a second one: the first has begun to give the terminal back."""
    found: list[tuple[bool, bool]] = []

    def quit_now() -> None:
        screen.leave(lambda: found.append((keys.single, NORMAL in terminal.getvalue())))

    def nothing() -> None:
        return

    terminal = Terminal(NORMAL if moment == "the screen is left" else "", quit_now)
    keys = Keys(
        quit_now if moment == "keys begin" else nothing, quit_now if moment == "keys end" else nothing
    )
    screen = Screen(Console(file=terminal, force_terminal=True), keys, Theme.AUTO)
    screen.take()
    if moment != "keys begin":
        quit_now()
    assert found[0] == (False, True)
    assert terminal.getvalue().rfind(SHOWN) > terminal.getvalue().rfind(HIDDEN)


def test_a_bar_never_hides_the_cursor() -> None:
    """A signal that ended the process amid its beginning would leave it hidden."""
    terminal = io.StringIO()
    bar = ProgressBar(console=BarConsole(file=terminal, force_terminal=True))
    bar.add_task("half done", total=2, completed=1)
    bar.start()
    bar.stop()
    assert "half done" in terminal.getvalue()
    assert HIDDEN not in terminal.getvalue()
    assert SHOWN not in terminal.getvalue()
