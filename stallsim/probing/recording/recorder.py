"""Records in a timeline what a probe does and observes. It depends on no view."""

from collections.abc import Sequence

import trio

from ...named_options import for_command_line
from ...timeline.events.probe import Tries
from ...timeline.outside import Probed
from ...timeline.probed.result import ProbeResult
from ...timeline.records import Event, RecordingEnd
from ...timeline.timeline import Timeline
from ..observe.observer import LOOK_S
from ..report.wording import report_lines
from ..spec import ProbeSpec
from ..stalls import Stall
from .header import names_of, probe_header
from .stall_recorder import StallRecorder


class ProbeRecorder:
    """Records one probe. A tick lasts as long as the interval between looks, ``observer.LOOK_S``."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._began_s = trio.current_time()
        self._names: list[str] = []

    def begins(self, spec: ProbeSpec, url: str, stalls: Sequence[Stall]) -> None:
        """Record the header: the server and the planned stalls."""
        self._names = names_of(stalls)
        self._timeline.append(probe_header(spec, url, stalls, self._names))

    def tries(self, number: int, stall: Stall) -> StallRecorder:
        """Record that a stall (numbered from 1) begins and its server is ready. A stall may be tried
        again.
        """
        name = self._names[number - 1]
        what = Tries(number=number, of=len(self._names), stall=name, does=stall.in_words())
        self._timeline.append(Event(tick=self._tick(), what=what))
        return StallRecorder(self._timeline, self._tick, number, name, stall)

    def ends(self, result: ProbeResult | None, wall_s: float, *, interrupted: bool) -> None:
        """Record the end of the probe; ``result`` is that of the stalls that could be judged."""
        tick = self._tick()
        if result is not None:
            screen = [for_command_line(line) for line in report_lines(result, "utf-8")]
            self._timeline.append(Probed(tick=tick, result=result, screen=tuple(screen)))
        self._timeline.append(
            RecordingEnd(tick=tick, attempts=1, wall_s=round(wall_s, 6), interrupted=interrupted)
        )

    def _tick(self) -> int:
        return max(0, self._timeline.last_tick, int((trio.current_time() - self._began_s) / LOOK_S))
