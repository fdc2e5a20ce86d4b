"""The end of a probe on the dashboard: the first screen of its report, as in a plain report."""

from ...timeline.timeline import Timeline
from ..clean import clean
from ..standing_marks import with_plain_mark
from ..wrapping import wrapped
from .frame import Row
from .palette import ASCII, BOLD, PLAIN, Glyphs

_HEADINGS = ("OUTCOME", "FAIL", "UNTESTED")


def end_rows(timeline: Timeline, tick: int, width: int, glyphs: Glyphs) -> list[Row]:
    """The report's first screen at the last tick, if the probe has results; else no rows."""
    probed = timeline.probed
    if probed is None or tick < timeline.last_tick:
        return []
    lines = map(clean, probed.screen)
    plain = map(with_plain_mark, lines) if glyphs is ASCII else lines
    return [
        [(f" {row}", BOLD if line.startswith(_HEADINGS) else PLAIN)]
        for line in plain
        for row in wrapped(line, width - 2)
    ]
