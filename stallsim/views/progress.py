"""Shows the progress of a run and the time left: drawn on a terminal, elsewhere as a line every ten
seconds.

It is a timeline's listener, since a lockstep run leaves no time to other tasks. It reads the clock once a
tick and draws at most four times a second; a run that ends within the first second shows nothing.
"""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self, TextIO

from ..timeline.records import Header, Record
from ..timeline.sample import Sample
from ..units import format_count
from .clean import clean

_DRAW_S = 0.25
"""Seconds between two drawings of the bar."""
_FIRST_DRAW_S = 1.0
"""Seconds before the first drawing."""
_LINE_S = 10.0
"""Seconds between two lines, if the bar cannot be drawn."""


class Bar(Protocol):
    """Shows progress on a terminal (``progress_bar.RunBar``)."""

    def show(self, words: str, done: int, total: int) -> None:
        """Draw the bar."""

    def stop(self) -> None:
        """Remove the bar."""


class RunProgress:
    """Shows progress while it is entered; leaving it always restores the terminal."""

    def __init__(
        self,
        file: TextIO,
        make_bar: Callable[[], Bar] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``make_bar`` makes a bar, if one can be drawn. It is called when there is something to draw,
        since most runs end before that and the bar's library takes long to import.
        """
        self._file, self._make_bar, self._clock = file, make_bar, clock
        self._every_s = _DRAW_S if make_bar else _LINE_S
        self._bar: Bar | None = None
        self._tick, self._ticks, self._attempt = -1, 1, 0
        self._name = ""
        self._began_s = self._due_s = 0.0

    def __call__(self, record: Record) -> None:
        """Add a record of the run: the first sample of a tick is progress, a header is a new attempt."""
        if isinstance(record, Sample):
            if record.tick > self._tick:
                self._tick = record.tick
                now_s = self._clock()
                if now_s >= self._due_s:
                    self._due_s = now_s + self._every_s
                    self._show(now_s)
        elif isinstance(record, Header):
            self._attempt += 1
            self._tick, self._ticks = -1, record.scenario.ticks
            self._name = clean(record.scenario.profile, 40)
            self._began_s = self._clock()
            self._due_s = self._began_s + (_FIRST_DRAW_S if self._make_bar else _LINE_S)

    def _show(self, now_s: float) -> None:
        done = self._tick + 1
        left_s = (now_s - self._began_s) * (self._ticks - done) / done
        again = f", attempt {self._attempt}" if self._attempt > 1 else ""
        where = f"tick {format_count(done)} of {format_count(self._ticks)}"
        words = f"{self._name}: {where}, {100 * done // self._ticks} %, ~{_clock_time(left_s)} left{again}"
        if self._make_bar is None:
            self._file.write(f"{words}\n")
            self._file.flush()
            return
        if self._bar is None:
            self._bar = self._make_bar()
        self._bar.show(words, done, self._ticks)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _clock_time(seconds: float) -> str:
    """``0:42``, ``12:05``, ``3:00:00``: always the same form, so that the line's width is stable."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
