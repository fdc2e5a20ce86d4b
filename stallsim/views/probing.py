"""One line of progress on standard error while a probe's report goes elsewhere."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from ..kinds import EventKind, Stalls
from ..progress_bar import BarConsole, ProgressBar
from ..timeline.events.probe import Judged, ServerNotReady, Tries
from ..timeline.outside import Probe, ServerMemory
from ..timeline.records import ConnectionInfo, Event, Header, Record
from ..timeline.sample import Sample
from ..units import format_size
from .clean import clean

_STEP_WORDS = {
    EventKind.STOPS_READING: "stops reading",
    EventKind.SLEEPS: "falls asleep",
    EventKind.READS_SLOWLY: "reads slowly",
    EventKind.ANSWERS_NO_PING: "answers no Ping",
    EventKind.STALLED: "is stalled",
    EventKind.WAKES: "reads again",
    EventKind.LEAVES: "has gone",
}
_EVERY_TICKS = 10


@dataclass
class _Stall:
    """One running stall, with the words that the line shows."""

    name: str
    step_words: str = "reads along, for a baseline"
    refused: str = ""
    memory: str = ""

    @property
    def words(self) -> str:
        return f"{self.name}: the client {self.step_words}{self.refused}{self.memory}"


class ProbeProgress:
    """A timeline's listener that draws progress; leaving it always restores the terminal."""

    def __init__(self, console: BarConsole) -> None:
        columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
        self._progress = ProgressBar(*columns, console=console, auto_refresh=False)
        self._task = self._progress.add_task("starts the server")
        self._probe = Probe(url="", stalls=[])
        self._stalls: dict[int, _Stall] = {}
        """The running stalls by their numbers."""
        self._numbers: dict[int, int] = {}
        """The number of the stall for each stalled client's connection."""
        self._due = 0

    def __call__(self, record: Record) -> None:
        """Add a record; the line is redrawn every _EVERY_TICKS ticks."""
        match record:
            case Header(probe=probe) if probe is not None:
                self._probe = probe
            case Event(what=Tries(number=number, stall=stall)):
                self._stalls[number] = _Stall(clean(stall, 40))
            case Event(what=ServerNotReady(reason=reason)):
                waits = f"waits for the server ({clean(reason, 200)})"
                self._progress.update(self._task, description=waits, refresh=True)
            case Event(what=Judged(), connection=connection):
                self._stalls.pop(self._numbers.get(connection or 0, 0), None)
            case Event(kind=kind, connection=connection) if kind in _STEP_WORDS:
                if one := self._stalls.get(self._numbers.get(connection or 0, 0)):
                    one.step_words = _STEP_WORDS[kind]
            case ConnectionInfo(stalls=Stalls.MUST):
                self._numbers[record.connection] = self._probe.number_of(record.client)
            case ServerMemory():
                if one := self._stalls.get(record.stall):
                    one.memory = f"; server's memory {format_size(record.rss_bytes)}"
            case Sample() if record.connection in self._numbers:
                if one := self._stalls.get(self._numbers[record.connection]):
                    one.refused = f"; refused by the kernels ~{format_size(record.queue_bytes)}"
                    self._draw(record.tick)
            case _:
                pass

    def _draw(self, tick: int) -> None:
        """Draw the first running stall, and the number of the others."""
        if tick < self._due:
            return
        self._due = tick + _EVERY_TICKS
        beside = len(self._stalls) - 1
        more = f" (and {beside} more beside it)" if beside else ""
        words = self._stalls[min(self._stalls)].words + more
        self._progress.update(self._task, description=words, refresh=True)

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
