"""The fleet on a terminal while it grows: a row a size, and the row that is growing now."""

from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ..timeline.fleet import Reading, StepKind, Stepped
from ..timeline.records import Record
from ..views.fleet.table import HEAD, queue_line, row


class Drawing:
    """A listener of a fleet's timeline; on leaving, the terminal is as it was. Draws only where it may."""

    def __init__(self, drawn: bool) -> None:
        self._live = Live(console=Console(), auto_refresh=False, transient=True) if drawn else None
        self._rows: list[tuple[str, ...]] = []

    def __call__(self, record: Record) -> None:
        match record:
            case Stepped(kind=StepKind.STEP):
                self._rows.append(row(record.step))
            case Reading() if self._live is not None:
                table = Table(box=None, header_style="bold", pad_edge=False)
                for name in HEAD:
                    table.add_column(name, justify="right")
                for cells in (*self._rows, row(record)):
                    table.add_row(*cells)
                self._live.update(Group(table, Text(queue_line(record.look))), refresh=True)

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
