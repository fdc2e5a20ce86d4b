"""A Close that comes behind what the client reads at the wake: it waited, or was sent then."""

from typing import Any

import pytest

from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.report import report_of
from stallsim.timeline.probed.outcomes import Finding, Outcome
from stallsim.timeline.probed.result import StallReport

from .observations import closed, comparison, observation, samples

GIVEN_UP: dict[str, Any] = {"comparison": comparison(lag_end=11_000), "samples": samples()}
OR_SENT = "which waited behind these bytes or was sent when the client read again"


def reported(seen: Observation) -> StallReport:
    return report_of(seen, judge_stall(seen))


@pytest.mark.parametrize(
    ("how", "has_ping", "end"),
    [
        ("close", True, "its Close"),
        ("close", False, "the end of its answer"),
        ("fin", True, "its FIN"),
        ("fin", False, "its FIN"),
    ],
)
def test_from_outside_an_end_that_waited_looks_like_one_that_was_sent_at_the_wake(
    how: str, has_ping: bool, end: str
) -> None:
    seen = observation(end=closed(None, how), beyond_bytes=1_100_000, has_ping=has_ping, **GIVEN_UP)
    report = reported(seen)
    assert Finding.CLOSE_WAITS in report.findings
    assert f"{end}, {OR_SENT}" in report.summary
    assert "it had waited there, or the server sent it when the client read again" in report.evidence[0]
    if not has_ping:
        assert "Close" not in " ".join([report.summary, *report.evidence])


def test_of_nothing_that_came_no_bytes_are_named() -> None:
    report = reported(observation(end=closed(None), beyond_bytes=0, **GIVEN_UP))
    assert report.summary.endswith(
        "after its wake the client received nothing of the 12.0 MB that the kernels had refused, "
        "only its Close"
    )


@pytest.mark.parametrize("ends", [True, False])
def test_a_connection_that_ended_is_not_said_to_have_continued(ends: bool) -> None:
    end = closed(None) if ends else None
    drops = comparison(missing=11_000, waited=1800)
    seen = observation(end=end, comparison=drops, beyond_bytes=1_100_000, samples=samples())
    report = reported(seen)
    assert report.outcome is Outcome.BOUNDED_DROPS
    assert ("and its connection continued" in report.evidence[0]) is not ends
    assert ("and its connection ended only when it read again" in report.evidence[0]) is ends
