"""The latest happenings up to a tick, in words, the newest at the bottom."""

from textwrap import wrap

from ...kinds import EventKind, Phase
from ...timeline.records import PhaseEvent
from ..words import describe_happening
from .frame import Row, heading
from .moments import Moments
from .palette import BAD, BOLD, DIM, PLAIN, Glyphs

_TICK_CELLS = 7
_HEADED_FROM = 6


class Log:
    """The event log of a timeline; caches the words of each happening."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments
        self._lines: dict[tuple[int, int], list[str]] = {}
        self._thinnings = moments.timeline.thinnings

    def rows(self, tick: int, width: int, height: int, glyphs: Glyphs, older: int = 0) -> list[Row]:
        """A heading, if there is room for it, then the newest happenings that fit. The ``older`` newest
        ones are left out, since the log is scrolled back by that number.
        """
        happenings = self._moments.timeline.happenings
        if self._thinnings != self._moments.timeline.thinnings:
            self._thinnings = self._moments.timeline.thinnings
            self._lines.clear()
        rows: list[Row] = []
        room = height if height < _HEADED_FROM else height - 1
        newest = self._moments.happened(tick) - 1
        newest = max(min(newest, 0), newest - older)
        for index in range(newest, -1, -1):
            happening = happenings[index]
            lines = self._words(index, max(8, width - _TICK_CELLS))
            left = room - len(rows)
            if left <= 0:
                break
            if len(lines) > left:
                lines = [*lines[: left - 1], f"{lines[left - 1]} {glyphs.cut}"]
            style = BAD if self._is_news(index) else BOLD if happening.tick == tick else PLAIN
            begin = f"{self._moments.when(happening.tick):>{_TICK_CELLS - 1}} "
            block: list[Row] = [[(begin, DIM), (lines[0], style)]]
            block += [[(" " * _TICK_CELLS, PLAIN), (line, style)] for line in lines[1:]]
            rows = block + rows
        title = f"events, {older} newer below" if older else "events"
        return rows if room == height else [heading(title, width, glyphs), *rows]

    def _words(self, index: int, width: int) -> list[str]:
        lines = self._lines.get((index, width))
        if lines is None:
            timeline = self._moments.timeline
            lines = wrap(describe_happening(timeline.happenings[index], timeline), width) or [""]
            self._lines[index, width] = lines
        return lines

    def _is_news(self, index: int) -> bool:
        """Whether the happening is highlighted: a confirmed stall, the first refused write, a lost
        connection.
        """
        happening = self._moments.timeline.happenings[index]
        if isinstance(happening, PhaseEvent):
            return happening.phase in (Phase.WRITE_BLOCKED, Phase.RESET, Phase.TIMED_OUT)
        return happening.kind in (EventKind.STALLED, EventKind.MEMORY_CEILING, EventKind.SERVER_ENDS)
