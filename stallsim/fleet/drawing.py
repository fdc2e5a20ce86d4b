"""The fleet on a terminal while it grows: a row a size, and the row that is growing now."""

from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from .result import Step
from .words import HEAD, histogram, row


class Drawing:
    """A listener of a fleet; on leaving, the terminal is as it was. Draws nothing where it may not."""

    def __init__(self, drawn: bool) -> None:
        self._live = Live(console=Console(), auto_refresh=False, transient=True) if drawn else None
        self._rows: dict[int, Step] = {}

    def __call__(self, step: Step) -> None:
        if self._live is None:
            return
        self._rows[step.clients] = step
        table = Table(box=None, header_style="bold", pad_edge=False)
        for name in HEAD:
            table.add_column(name, justify="right")
        for one in self._rows.values():
            table.add_row(*row(one))
        self._live.update(Group(table, Text(histogram(step))), refresh=True)

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()
