"""One line on standard error while a probe's report goes elsewhere: which stall, how far, what for."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ..kinds import EventKind, Stalls
from ..timeline import events
from ..timeline.outside import Memory
from ..timeline.records import ConnectionInfo, Event, Record
from ..timeline.sample import Sample
from ..units import format_size
from .clean import clean

_STAGES = {
    EventKind.STOPS_READING: "stops reading",
    EventKind.SLEEPS: "falls asleep",
    EventKind.READS_SLOWLY: "reads slowly",
    EventKind.ANSWERS_NO_PING: "answers no Ping",
    EventKind.STALLED: "is stalled",
    EventKind.WAKES: "reads again",
    EventKind.LEAVES: "has gone",
}
_EVERY_TICKS = 10


class ProbeProgress:
    """A timeline's listener; on leaving, however that is, the terminal is as it was."""

    def __init__(self, console: Console) -> None:
        columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
        self._progress = Progress(*columns, console=console, auto_refresh=False, transient=True)
        self._task = self._progress.add_task("starts the server")
        self._stall, self._stage, self._memory = "", "", ""
        self._stalled: int | None = None
        self._due = 0

    def __call__(self, record: Record) -> None:
        """Take note, and draw now and then."""
        match record:
            case Event(what=events.Tries(stall=stall)):
                self._stall = clean(stall, 40)
                self._stage = "reads along, for a baseline"
            case Event(what=events.ServerNotReady(reason=reason)):
                words = f"{self._stall}: waits for the server ({clean(reason, 200)})"
                self._progress.update(self._task, description=words, refresh=True)
            case Event(kind=kind) if kind in _STAGES:
                self._stage = _STAGES[kind]
            case ConnectionInfo(stalls=Stalls.MUST):
                self._stalled = record.connection
            case Memory():
                self._memory = f"; server's memory {format_size(record.rss_bytes)}"
            case Sample() if record.connection == self._stalled and record.tick >= self._due:
                self._due = record.tick + _EVERY_TICKS
                refused = f"; refused by the kernels ~{format_size(record.queue_bytes)}"
                words = f"{self._stall}: the client {self._stage}"
                self._progress.update(self._task, description=words + refused + self._memory, refresh=True)
            case _:
                pass

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()
