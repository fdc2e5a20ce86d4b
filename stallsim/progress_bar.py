"""Progress bars that never hide the cursor, so that no end of the process leaves it hidden."""

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn

_BAR_CELLS = 18
"""The width of a bar, so that a line of 80 cells has room for the terminal's ``^C``, which
would wrap it.
"""


class BarConsole(Console):
    """A terminal whose cursor stays visible. Rich hides it before a bar begins, and a signal may come in
    between.
    """

    def show_cursor(self, show: bool = True) -> bool:
        """Write nothing; False: the cursor is unchanged."""
        return False


class ProgressBar(Progress):
    """Rich's progress bar on such a terminal; removed at its end."""

    def __init__(
        self,
        *columns: ProgressColumn,
        console: BarConsole,
        auto_refresh: bool = True,
        disable: bool = False,
    ) -> None:
        super().__init__(
            *columns, console=console, auto_refresh=auto_refresh, transient=True, disable=disable
        )


class RunBar(ProgressBar):
    """One bar with words after it; it is drawn only by ``show``."""

    def __init__(self, console: BarConsole) -> None:
        bar = BarColumn(_BAR_CELLS, complete_style="cyan")
        words = TextColumn("{task.description}", markup=False)
        super().__init__(bar, words, console=console, auto_refresh=False)

    def show(self, words: str, done: int, total: int) -> None:
        """Draw the bar, or draw it again."""
        if not self.task_ids:
            self.add_task(words, completed=done, total=total)
            self.start()
            return
        self.update(self.task_ids[0], description=words, completed=done, total=total, refresh=True)
