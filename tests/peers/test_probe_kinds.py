"""Kinds of servers that are easily taken for others, each a small server of its own.

What a client is sent on joining, streams with a rhythm, joined frames, healthy clients that are cut.
"""

import sys
from collections.abc import Callable
from typing import Any

import pytest
import trio

from stallsim.probing.probe import probe
from stallsim.probing.spec import Command, ProbeSpec, Target, WatchUntil
from stallsim.timeline.probed.outcomes import Confidence, Finding, Outcome
from stallsim.timeline.probed.result import ProbeResult, StallReport

from .peer import HERE

pytestmark = [pytest.mark.loopback, pytest.mark.slow, pytest.mark.realtime]
GROWS = (Outcome.GROWTH, Outcome.UNBOUNDED_GROWTH)
SHORT = WatchUntil(seconds=2.0, until_bytes=8 * 2**20)
ANSWER = {"COUNT": "200", "EVERY_S": "0.004", "SIZE": "4000"}
Kind = tuple[str, str, float, dict[str, str], Callable[[StallReport], None]]


def probed(server: str, *stalls: str, watch: WatchUntil = SHORT, **options: Any) -> ProbeResult:
    environment = options.pop("environment", {})
    words = (
        *(f"{key}={value}" for key, value in environment.items()),
        sys.executable,
        str(HERE / "kinds" / server),
    )
    spec = ProbeSpec(
        target=Target(url="ws://127.0.0.1:0/"),
        stalls=stalls,
        command=Command(words=("env", *words)),
        watch=watch,
        **options,
    )
    return trio.run(probe, spec)


def stall(server: str, name: str, **options: Any) -> StallReport:
    (report,) = probed(f"{server}.py", name, **options).stalls
    return report


def grows(report: StallReport) -> None:
    assert report.outcome in GROWS, report.evidence
    assert report.missing_messages == 0
    assert not report.findings, report.evidence


def grows_with_its_snapshot(report: StallReport) -> None:
    grows(report)
    assert report.held_bytes > 36_000_000, report.evidence


def drops(report: StallReport) -> None:
    assert report.outcome is Outcome.BOUNDED_DROPS, report.evidence


def drops_what_does_not_fit(report: StallReport) -> None:
    """Held are the bound, and what the server's library keeps below it."""
    drops(report)
    assert 400_000 < report.held_bytes < 900_000, report.evidence


def ends_of_its_own_accord(report: StallReport) -> None:
    assert report.outcome is Outcome.INCONCLUSIVE
    assert not report.findings
    assert "ended" in report.summary
    assert report.held_bytes > 0, report.evidence


def is_served(report: StallReport) -> None:
    assert report.outcome is Outcome.SERVED
    assert not report.findings


def is_undecided(report: StallReport) -> None:
    assert (report.outcome, report.confidence) == (Outcome.BACKPRESSURE_ISOLATED, Confidence.LOW)
    assert "a message that it dropped leaves no gap" in report.summary


def is_slow_and_healthy(report: StallReport) -> None:
    assert report.outcome is Outcome.BACKPRESSURE_ISOLATED
    assert not report.findings
    assert "reads a tenth of the stream" in report.summary


def is_cut_though_it_reads(report: StallReport) -> None:
    assert (report.outcome, report.findings) == (Outcome.DISCONNECTS, (Finding.CUTS_HEALTHY_CLIENTS,))
    assert "alive" in report.summary


def everybody_is_cut(report: StallReport) -> None:
    assert report.findings == (Finding.CUTS_HEALTHY_CLIENTS,)
    assert (
        'with Close 1013 "client is too slow: 1,400,000 bytes would wait, 1,048,576 may"' in report.summary
    )


def the_silent_are_cut(report: StallReport) -> None:
    assert (report.outcome, report.findings) == (Outcome.INCONCLUSIVE, (Finding.CUTS_HEALTHY_CLIENTS,))
    assert "sends nothing" in report.summary


BRIEFLY: list[Kind] = [
    ("welcome", "zero-window", 2.0, {}, grows),
    ("frames_joined", "stop-reading", 2.0, {}, grows),
    ("cuts_everybody", "stop-reading", 2.0, {}, everybody_is_cut),
    ("cuts_silent_ones", "stop-reading", 2.0, {}, the_silent_are_cut),
    ("cuts_slow_ones", "slow-reader", 2.0, {}, is_cut_though_it_reads),
]
AT_LENGTH: list[Kind] = [
    ("snapshot", "zero-window", 2.0, {}, grows_with_its_snapshot),
    ("snapshot", "slow-reader", 8.0, {}, grows),
    ("snapshot", "zero-window", 4.0, {"EVERY_S": "0.5"}, grows_with_its_snapshot),
    ("finite_answer", "zero-window", 2.0, ANSWER, ends_of_its_own_accord),
    ("rendered_when_sent", "stop-reading", 2.0, {"ACK": "1"}, grows),
    ("rendered_when_sent", "stop-reading", 2.0, {"BURST": "10"}, grows),
    ("rendered_when_sent", "stop-reading", 2.0, {"BURST": "1"}, grows),
    ("slow_cadence", "stop-reading", 10.0, {}, grows),
    ("slow_cadence", "stop-reading", 4.0, {"EVERY_S": "3", "SIZE": "5000000"}, grows),
    ("slow_cadence", "stop-reading", 4.0, {"EVERY_S": "5", "SIZE": "6000", "BURST": "300"}, grows),
    ("slow_cadence", "zero-window", 4.0, {"EVERY_S": "3", "SIZE": "6000", "BURST": "300"}, grows),
    ("slow_cadence", "stop-reading", 4.0, {"EVERY_S": "10", "SIZE": "6000", "BURST": "500"}, grows),
    ("snapshot", "zero-window", 4.0, {"EVERY_S": "1"}, grows_with_its_snapshot),
    ("snapshot", "stop-reading", 4.0, {"EVERY_S": "1"}, grows),
    ("snapshot", "zero-window", 2.0, {"WELCOME": "20000000", "PART": "50000"}, grows),
    ("frames_joined", "stop-reading", 2.0, {"BOUND": "500000"}, drops_what_does_not_fit),
    ("messages_joined", "stop-reading", 2.0, {}, grows),
    ("messages_joined", "stop-reading", 2.0, {"LINES": "1"}, grows),
    ("messages_joined", "stop-reading", 2.0, {"BOUND": "500000"}, drops),
    ("slowly_drained", "stop-reading", 8.0, {}, drops),
    ("cuts_slow_ones", "weak-network", 2.0, {}, is_served),
    ("waits_and_pings", "slow-reader", 2.0, {}, is_slow_and_healthy),
    ("numbers_what_it_sends", "stop-reading", 3.0, {"CONTENT": "1"}, drops),
    ("numbers_what_it_sends", "stop-reading", 3.0, {}, is_undecided),
    ("tiny_messages", "stop-reading", 2.0, {"RATE": "50000"}, grows),
    ("tiny_messages", "zero-window", 4.0, {"RATE": "100000"}, grows),
]


@pytest.mark.parametrize(
    ("server", "name", "seconds", "environment", "right"),
    [*BRIEFLY, *(pytest.param(*kind, marks=pytest.mark.nightly) for kind in AT_LENGTH)],
)
def test_it_is_taken_for_what_it_is(
    server: str,
    name: str,
    seconds: float,
    environment: dict[str, str],
    right: Callable[[StallReport], None],
) -> None:
    right(stall(server, name, watch=WatchUntil(seconds=seconds), environment=environment))


@pytest.mark.nightly
def test_what_is_kept_for_the_clients_of_an_earlier_try_is_a_leak_as_well() -> None:
    """The silent control is one client too many: all are tried again, and two are gone by then."""
    report = stall("leaks_for_two", "vanishing")
    assert Finding.LEAKS_AFTER_CLOSE in report.findings, report.evidence


@pytest.mark.nightly
def test_a_server_that_pauses_by_itself_starves_nobody() -> None:
    """Two stalls of 8 s, one of which a checkpoint of 1.2 s each 5 s falls into, whatever is done."""
    result = probed(
        "pauses_by_itself.py",
        "stop-reading",
        "zero-window",
        watch=WatchUntil(seconds=8.0),
        environment={"EVERY_S": "5"},
    )
    assert not result.findings, [one.evidence for one in result.stalls]
    assert any("the server pauses by itself" in line for one in result.stalls for line in one.evidence)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("environment", "watch_s", "leaks"),
    [
        ({"KEEPS": "log"}, 2.0, False),
        ({"KEEPS": "queues", "KEEPS_S": "9"}, 12.0, False),
        ({"KEEPS": "queues", "KEEPS_S": "9"}, 2.0, True),
        ({"KEEPS": "queues", "KEEPS_S": "900"}, 12.0, True),
    ],
    ids=["a log of all messages", "to resume", "to resume, watched briefly", "a leak"],
)
def test_a_server_that_keeps_messages_for_a_time_does_not_leak(
    environment: dict[str, str], watch_s: float, leaks: bool
) -> None:
    report = stall(
        "keeps_for_a_time", "vanishing", watch=WatchUntil(seconds=watch_s), environment=environment
    )
    assert (Finding.LEAKS_AFTER_CLOSE in report.findings) is leaks, report.evidence
    watched = f"in the {report.figure('watched_after_close_s'):.3g} s that were watched"
    assert any("went on growing" in line and watched in line for line in report.evidence) is leaks


@pytest.mark.nightly
@pytest.mark.parametrize(("pings", "finding"), [(False, True), (True, False)])
def test_whether_a_vanished_client_is_ended_needs_no_stream(pings: bool, finding: bool) -> None:
    environment = {"PING_S": "1"} if pings else {}
    result = probed("idle.py", keepalive_s=4.0, environment=environment)
    assert (Finding.KEEPALIVE_BLIND in result.findings) is finding
    assert all((one.closed_after_s is not None) is pings for one in result.stalls)


def test_that_there_is_no_stream_is_said_once() -> None:
    result = probed("idle.py", "stop-reading", "slow-reader", "vanishing")
    assert [one.stall for one in result.stalls] == ["stop-reading"]
    assert "no stream" in result.summary
