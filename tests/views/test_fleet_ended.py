"""The number of clients that the server has ended is the same in every output."""

from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace

from stallsim.fleet.readings import changes
from stallsim.kinds import ParkedEnding
from stallsim.reports.figure.fleet import figure_of_fleets
from stallsim.reports.fleet_rows import COLUMNS, fleet_rows
from stallsim.reports.found import found_timeline
from stallsim.reports.page.fleet import fleet_drawing
from stallsim.timeline.events.fleet import ClientsEnded
from stallsim.timeline.fleet.clients import Ends, HeldCount
from stallsim.timeline.fleet.reading import Reading
from stallsim.timeline.fleet.steps import StepKind, Stepped
from stallsim.timeline.histogram import Histogram
from stallsim.timeline.records import Event
from stallsim.timeline.timeline import Timeline
from stallsim.views.fleet.board import FleetBoard
from stallsim.views.fleet.lines import fleet_fields
from stallsim.views.fleet.metrics import FleetFigures
from stallsim.views.fleet.moments import FleetMoments
from stallsim.views.fleet.table import HEAD, row
from tests.pure.fleets import reading, records, step

from .test_fleet_board import LIVE

ENDED, UNSEEN, OPEN = 70, 65, 95
"""Five saw their FIN, and 65 of the 160 that are parked see nothing."""


def seen(tick: int, fins: int, unseen: int) -> Reading:
    one = reading(tick, "", 160, 5000)
    assert one.look is not None
    fin = Ends(count=fins, open_ms=Histogram.of([1000] * fins))
    tally = HeldCount(wanted=165, parked=160, ended={ParkedEnding.FIN: fin} if fins else {})
    return replace(one, tally=tally, look=replace(one.look, ended_unseen=unseen))


def ended() -> Timeline:
    made, last = Timeline(), seen(40, 5, UNSEEN)
    header, _, baseline, *_ = records()
    before = seen(30, 0, 0)
    for record in (header, baseline, before, last):
        made.append(record)
    for what in changes(before, last):
        made.append(Event(tick=40, what=what))
    made.append(
        Stepped(tick=41, kind=StepKind.STEP, step=replace(step(160), tally=last.tally, look=last.look))
    )
    return made


def test_the_table_the_lines_the_dashboard_and_the_rows_of_csv() -> None:
    timeline = ended()
    (last,) = timeline.fleet.of(StepKind.STEP)
    assert dict(zip(HEAD, row(last), strict=True))["ended"] == str(ENDED)
    fields = fleet_fields(timeline.fleet.steps[-1])
    assert (fields["ended"], fields["open"]) == (ENDED, OPEN)
    frame = FleetBoard(FleetMoments.of(timeline)).frame(1, LIVE, 120, 40).text
    assert "ended 5 fin, 65 fin-wait-1" in frame
    *_, cells = fleet_rows(found_timeline(timeline, "x"))
    told = dict(zip(COLUMNS, cells, strict=True))
    assert (told["ended"], told["open"]) == (ENDED, OPEN)


def test_the_page_and_the_figure_draw_it() -> None:
    timeline = ended()
    page = "".join(fleet_drawing(timeline))
    lines = page.partition(">send queues")[0].split("<polyline")[1:]
    heights = [float(one.partition('points="')[2].partition('"')[0].split(",")[-1]) for one in lines]
    assert heights == pytest.approx([120 - 120 * count / 160 for count in (OPEN, 80, ENDED)], abs=0.1)
    (clients, *_) = figure_of_fleets([found_timeline(timeline, "x")]).axes
    drawn = {one.get_label(): np.asarray(one.get_ydata())[-1] for one in clients.lines}
    assert (drawn["never opened, or ended"], drawn["open"]) == (ENDED, OPEN)


def test_a_witness_that_was_ended_behind_its_data_makes_no_client_more() -> None:
    one = seen(40, 0, 161)
    assert (one.open, one.ended) == (0, 160)


def test_the_events_and_the_metric_count_each_end_once() -> None:
    figures = FleetFigures()
    for record in ended().happenings:
        figures(record)
    readings = [seen(30, 0, 0), seen(40, 5, UNSEEN), seen(50, 45, 25), seen(60, 80, 0)]
    told: dict[ParkedEnding, int] = {}
    for before, now in pairwise(readings):
        for what in changes(before, now):
            assert isinstance(what, ClientsEnded)
            told[what.how] = told.get(what.how, 0) + what.clients
    assert told == {ParkedEnding.FIN: 5 + 10, ParkedEnding.FIN_WAIT_1: UNSEEN}
    figures(readings[1])
    (ends,) = [one for one in figures.families() if one.name == "fleet_ends"]
    assert sum(ends.values.values()) == ENDED  # type: ignore[arg-type]
    assert ends.values["fin-wait-1",] == UNSEEN
