"""Shows the progress of the matrix and the time left, on a terminal only."""

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, TextColumn

from ..progress_bar import BarConsole, ProgressBar
from .plan import CELL_S, CORES, REALTIME_AT_ONCE
from .run import CellRun


class MatrixProgress:
    """A bar on standard error, in seconds of expected work."""

    def __init__(self, cells: int) -> None:
        self._left_s = self._lockstep_s = 0.0
        console = BarConsole(stderr=True)
        self._bar = ProgressBar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[done]} of {task.fields[cells]} cells, about {task.fields[left]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("matrix", total=None, done=0, cells=cells, left="...")
        self._done = 0

    def expect(self, seconds: float, lockstep_s: float) -> None:
        """Set the expected seconds for the whole, and the core seconds for a lockstep cell."""
        self._left_s, self._lockstep_s = seconds, lockstep_s
        self._bar.update(self._task, total=seconds)

    def on_result(self, result: CellRun) -> None:
        """Count one more result."""
        self._done += 1
        share = CELL_S / REALTIME_AT_ONCE if result.cell.realtime else self._lockstep_s / CORES
        self._left_s = max(0.0, self._left_s - share)
        minutes, seconds = divmod(round(self._left_s), 60)
        self._bar.update(self._task, advance=share, done=self._done, left=f"{minutes}:{seconds:02} left")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
