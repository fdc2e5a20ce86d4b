"""What a signal finds when the terminal is just being taken or given back: it is left as it was found."""

import io
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console
from rich.progress import ProgressColumn, Task

from stallsim.progress_bar import ProgressBar
from stallsim.views.drawing.theme import Theme
from stallsim.views.terminal import screen as module
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
def test_a_sigquit_amid_taking_or_giving_back_ends_it_when_that_is_done(
    moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the last two it is a second one: the first has begun to give the terminal back."""
    found: list[tuple[bool, bool]] = []

    def quit_now() -> None:
        screen.quit(signal.SIGQUIT)

    def nothing() -> None:
        return

    terminal = Terminal(NORMAL if moment == "the screen is left" else "", quit_now)
    keys = Keys(
        quit_now if moment == "keys begin" else nothing, quit_now if moment == "keys end" else nothing
    )
    screen = Screen(Console(file=terminal, force_terminal=True), keys, Theme.AUTO)
    monkeypatch.setattr(
        module, "_end_by", lambda _: found.append((keys.single, NORMAL in terminal.getvalue()))
    )
    screen.take()
    if moment != "keys begin":
        screen.quit(signal.SIGQUIT)
    assert found[0] == (False, True)
    assert terminal.getvalue().rfind(SHOWN) > terminal.getvalue().rfind(HIDDEN)


class Interrupted(ProgressColumn):
    """A signal comes as the bar is drawn first."""

    def render(self, _: Task) -> str:
        """Raises what the signal's handler does."""
        raise KeyboardInterrupt


def test_a_signal_amid_a_bars_beginning_leaves_the_cursor_visible() -> None:
    terminal = io.StringIO()
    bar = ProgressBar(Interrupted(), console=Console(file=terminal, force_terminal=True))
    bar.add_task("")
    with pytest.raises(KeyboardInterrupt):
        bar.start()
    assert HIDDEN in terminal.getvalue()
    assert terminal.getvalue().rfind(SHOWN) > terminal.getvalue().rfind(HIDDEN)


def test_no_sigquit_ends_the_process_while_a_bar_has_hidden_the_cursor() -> None:
    """Its default action is to kill; it is blocked until the cursor is shown again."""
    blocked: list[bool] = []

    class Terminal(io.StringIO):
        def write(self, text: str) -> int:
            if "\x1b[?25l" in text:
                blocked.append(signal.SIGQUIT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
            return super().write(text)

    bar = ProgressBar(console=Console(file=Terminal(), force_terminal=True))
    bar.start()
    bar.stop()
    assert blocked == [True]
    assert signal.SIGQUIT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
