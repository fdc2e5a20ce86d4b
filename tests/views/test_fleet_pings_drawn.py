"""A p99 is drawn if there are enough Pongs; otherwise the longest wait is drawn, with this name."""

import numpy as np
import pytest
from msgspec.structs import replace

from stallsim.reports.figure.fleet import figure_of_fleets
from stallsim.reports.found import found_timeline
from stallsim.reports.page.fleet import fleet_drawing
from stallsim.timeline.timeline import Timeline
from tests.pure.fleets import reading, records, seen

P99, P50, LONGEST = "p99 (of 200 Pongs or more)", "p50", "the longest"


def with_pongs(pongs: int) -> Timeline:
    made = Timeline()
    header, _, baseline, *_ = records()
    for record in (header, baseline):
        made.append(record)
    waits_us = [*[1000] * (pongs - 1), 8000]
    for tick in (30, 40):
        made.append(replace(reading(tick, "", 10, 10), witnessed=seen(*waits_us)))
    return made


@pytest.mark.parametrize(("pongs", "lines"), [(199, {P50, LONGEST}), (201, {P50, P99, LONGEST})])
def test_of_few_pongs_no_p99_is_drawn(pongs: int, lines: set[str]) -> None:
    timeline = with_pongs(pongs)
    panel = "".join(fleet_drawing(timeline)).partition(">Ping of a witness</text>")[2]
    assert panel.count("<polyline") == len(lines)
    assert all(name in panel for name in (P99, P50, LONGEST)), "the legend says what there could be"
    pings = figure_of_fleets([found_timeline(timeline, "x")]).axes[3]
    drawn = {str(one.get_label()) for one in pings.lines if np.asarray(one.get_ydata()).size}
    assert drawn == lines
