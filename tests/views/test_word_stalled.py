"""A view shows the word "stalled" only if the timeline has the event ``stalled`` of the kernel.

"The stalled client" is a name, for the client that is meant to stall; it is set aside.
"""

import io
import re

import pytest

from stallsim.kinds import EventKind
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.paragraph import paragraph
from stallsim.probing.report.report import report_of
from stallsim.probing.report.summary import summarize_probe
from stallsim.probing.report.wording import report_lines
from stallsim.probing.stalls import STALLS
from stallsim.reports.accounts.probe import account_of_probe
from stallsim.reports.accounts.run import account_of_run
from stallsim.timeline.records import Event
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.verdict import judge_run
from stallsim.views.drawing.controls import Controls
from stallsim.views.drawing.dashboard import render
from stallsim.views.plain import verdict_lines, write_plain
from stallsim.views.words import describe_happening

from ..pure.observations import blocked, closed, observation
from .probe_scenes import probe
from .scenes import crowd, sleeping_tab

CLAIM = re.compile(r"\bstalled\b(?!-client|\s+client|')", re.IGNORECASE)
RUNS = {"tab": sleeping_tab(60, 20, 50), "crowd": crowd(12, 30), "probe": probe()}


def unconfirmed(timeline: Timeline) -> Timeline:
    """The same without the kernel's word."""
    copy = Timeline()
    everything = [*timeline.records(), *(one for series in timeline.samples for one in series)]
    for record in sorted(everything, key=lambda one: getattr(one, "tick", -1)):
        if not isinstance(record, Event) or record.kind is not EventKind.STALLED:
            copy.append(record)
    return copy


def views_of(timeline: Timeline) -> str:
    """Everything that a terminal, a pipe or a file is shown of it."""
    out = io.StringIO()
    write_plain(timeline, out)
    focus = max(timeline.connections.numbers())
    frames = [
        render(timeline, tick, Controls(focus=focus), 120, 40).text
        for tick in range(0, timeline.last_tick + 1, 4)
    ]
    words = [describe_happening(one, timeline) for one in timeline.happenings]
    verdict = judge_run(timeline)
    return "\n".join(
        [out.getvalue(), *frames, *words, *verdict_lines(timeline, verdict)]
        + ([] if timeline.scenario.profile == "probe" else [str(account_of_run(timeline, verdict))])
    )


@pytest.mark.parametrize("name", RUNS)
def test_no_view_calls_a_client_stalled_whose_stall_the_kernel_has_not_confirmed(name: str) -> None:
    timeline = RUNS[name]
    assert EventKind.STALLED in timeline.first
    assert CLAIM.search(views_of(timeline)), "where it has, they do"
    assert CLAIM.findall(views_of(unconfirmed(timeline))) == []


def reports_of(seen: Observation) -> str:
    report = report_of(seen, judge_stall(seen))
    result = summarize_probe("ws://127.0.0.1/", "uvicorn", [report], 1.0, "")
    account = str(account_of_probe(None, result)).replace(f"stalled={result.stalls}", "")
    return "\n".join([*report_lines(result, "utf-8"), paragraph(report, result.url), account])


@pytest.mark.parametrize("stall", STALLS)
def test_no_report_calls_a_client_stalled_whose_stall_the_kernel_has_not_confirmed(stall: str) -> None:
    for changes in ({}, {"end": closed()}, {"end": closed(0.01)}, {"server_gone": True}):
        for make in (observation, blocked):
            assert CLAIM.findall(reports_of(make(stall=stall, verified=False, **changes))) == []
    assert not STALLS[stall].reads_all or not CLAIM.search(reports_of(observation(stall, verified=True)))


def test_a_report_calls_it_stalled_where_the_kernel_has() -> None:
    assert "stalled for 4.0 s, confirmed by the kernel" in reports_of(observation(verified=True))
