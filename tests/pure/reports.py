"""Subjects of reports that are made by hand: a run, a probe, a matrix, with hostile words in them."""

from typing import Any

from stallsim.errors import Unavailable
from stallsim.kinds import EventKind, Stalls
from stallsim.matrix.report import Matrix
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.report.report import report_of
from stallsim.probing.report.summary import summarize_probe
from stallsim.reports.accounts.probe import account_of_probe
from stallsim.reports.formats._base import Format
from stallsim.reports.found import Found, found_matrix, found_timeline
from stallsim.timeline.probed.result import ProbeResult
from stallsim.timeline.timeline import Timeline

from .builders import event, sample, timeline
from .fleets import fleet
from .observations import blocked, changed, closed, comparison, observation, samples

HOSTILE = "</script><img src=x onerror=alert(1)>\x1b]0;owned\x07 [red]|`# _*\u202e\u2028 @all =1+1"


def stalled_run(ticks: int = 100) -> Timeline:
    """A client that stops reading; every queue grows, and the peer's words are hostile."""
    grown = [
        sample(
            tick,
            produced_bytes=100 * tick,
            accepted_bytes=60 * tick,
            received_bytes=30 * tick,
            rcvq_bytes=30 * tick,
            outq_bytes=30 * tick,
            notsent_bytes=30 * tick,
            queue_bytes=40 * tick,
            queue_messages=tick,
            snd_wnd_bytes=0,
            rmem_alloc_bytes=40 * tick,
            wmem_queued_bytes=40 * tick,
        )
        for tick in range(ticks)
    ]
    said = event(EventKind.CLOSE_RECEIVED, 9, code=1000, reason=HOSTILE)
    return timeline(
        grown, event(EventKind.STOPS_READING, 0, read_bytes=0, held_bytes=0), said, stalls=Stalls.MUST
    )


def probe_result(server: str = HOSTILE) -> ProbeResult:
    seen = (
        observation(),
        blocked(),
        observation("no-pong", end=closed()),
        observation("vanishing"),
        observation(comparison=comparison(lag_end=12_000), samples=samples()),
        observation(verified=False),
    )
    reports = [report_of(changed(one, server=server), judge_stall(one)) for one in seen]
    return summarize_probe("ws://127.0.0.1:1/", server, reports, 3.0, HOSTILE)


def a_run() -> Found:
    return found_timeline(stalled_run(), "run.jsonl")


def a_probe() -> Found:
    return Found("probe.jsonl", account_of_probe(None, probe_result()))


def a_fleet(**given: Any) -> Found:
    return found_timeline(fleet(server=HOSTILE, **given), "fleet.jsonl")


def a_matrix() -> Found:
    return found_matrix(
        Matrix(interrupted=True, private_stack=False, scale=[], not_run=3, cells=[]), "m.json"
    )


def can_be_written(kind: type[Format]) -> bool:
    """Whether what the format needs is installed."""
    try:
        kind().prepare()
    except Unavailable:
        return False
    return True
