"""What a probe sees beside the queues: the three facts of an end, the witness's Pings, CPU, memory."""

import sys

import msgspec
import pytest
import trio

from stallsim.probing.probe import probe
from stallsim.probing.spec import Command, ProbeSpec, Target, WatchUntil
from stallsim.timeline.probed.outcomes import Outcome
from stallsim.timeline.probed.result import StallReport

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]


def stalled(what: str, stall: str = "stop-reading") -> StallReport:
    spec = ProbeSpec(
        target=Target(url="ws://127.0.0.1:0/"),
        command=Command(words=(sys.executable, "-m", "tests.loopback.streaming", what)),
        stalls=(stall,),
        watch=WatchUntil(seconds=2.0, until_bytes=3_000_000),
    )
    (report,) = trio.run(probe, spec).stalls
    assert {figure.measured for figure in report.figures if figure.name.startswith(("ping", "cpu"))} == {
        True
    }
    return report


def value(report: StallReport, name: str) -> float:
    (found,) = [figure.value for figure in report.figures if figure.name == name]
    assert found is not None, f"{name} is not known: {report.evidence}"
    return found


def test_a_close_that_the_kernel_cannot_deliver_leaves_the_socket_where_it_is() -> None:
    report = stalled("disconnects")
    ending = report.ending
    assert ending is not None
    assert ending.decided_after_s == report.closed_after_s
    assert (ending.sign, ending.gone_after_s) == ("state", None)
    assert ending.left_state == "FIN_WAIT1"
    assert (ending.left_bytes or 0) > 50_000
    assert report.ended_by in {"fin", "rst"}, "once it read again"
    (line,) = [line for line in report.evidence if "still existed" in line]
    assert "FIN_WAIT1" in line


def test_an_abort_takes_the_socket_with_it() -> None:
    report = stalled("resets")
    ending = report.ending
    assert ending is not None
    assert (ending.sign, ending.left_state, ending.left_bytes) == ("rst", None, None)
    assert ending.gone_after_s is not None
    assert ending.gone_after_s >= ending.decided_after_s
    assert report.ended_by == "rst"


def test_who_ends_nothing_has_no_ending() -> None:
    report = stalled("keeps_everything")
    assert (report.ending, report.ended_by, report.closed_after_s) == (None, None, None)
    assert report.memory_returned_bytes is not None
    for period in (report.periods.baseline, report.periods.stall):
        assert period is not None
        assert period.cpu_share is not None
        assert 0 < period.cpu_share < 4
        assert period.latency is not None
        assert period.latency.p50_s is not None
        assert 0 < period.latency.p50_s <= period.latency.max_s


def test_pongs_are_no_stream() -> None:
    report = stalled("waits_for_each")
    assert report.outcome is Outcome.BLOCKS_EVERYONE
    period = report.periods.stall
    assert period is not None
    assert period.latency is not None
    assert period.latency.pongs > 5
    assert value(report, "witness_gap_s_max") > report.stalled_s / 2


def test_a_server_that_cannot_bear_a_ping_is_probed_without() -> None:
    report = stalled("keeps_everything_but_pings")
    assert report.outcome is Outcome.GROWTH
    assert report.periods.stall is not None
    assert report.periods.stall.latency is None
    assert any("no Ping of the witness" in line for line in report.evidence)


def test_memory_is_asked_for_again_when_the_client_has_died() -> None:
    report = stalled("keeps_everything", "vanishing")
    assert report.memory_returned_bytes == value(report, "memory_returned_bytes")
    assert msgspec.json.decode(msgspec.json.encode(report), type=StallReport) == report
