"""Progress bars that leave the cursor visible: after a SIGQUIT nobody could show it again."""

import signal

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

_BAR_CELLS = 18
"""So that a line of 80 cells has room for the terminal's own ``^C``, which would wrap it."""


class ProgressBar(Progress):
    """Rich's, which hides it."""

    def start(self) -> None:
        """Draw, as far as there is a terminal. A SIGQUIT that comes while the cursor is hidden waits."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGQUIT})
        try:
            super().start()
        finally:  # a signal may raise in between
            if not self.disable:
                self.console.show_cursor(True)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class RunBar(ProgressBar):
    """One bar, with words behind it, that is drawn when it is told to."""

    def __init__(self, console: Console) -> None:
        bar = BarColumn(_BAR_CELLS, complete_style="cyan")
        words = TextColumn("{task.description}", markup=False)
        super().__init__(bar, words, console=console, auto_refresh=False, transient=True)

    def show(self, words: str, done: int, total: int) -> None:
        """Draw it anew; the first time, for the first time."""
        if not self.task_ids:
            self.add_task(words, completed=done, total=total)
            self.start()
            return
        self.update(self.task_ids[0], description=words, completed=done, total=total, refresh=True)
