"""The rate before a stall may have been that of a catch-up. Then it shows no starved witness."""

import math

import pytest
from msgspec.structs import replace

from stallsim.probing.judging.doubt import doubt_of, with_all_controls
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.together import reports_of
from stallsim.timeline.probed.outcomes import Finding
from stallsim.timeline.probed.stall_record import Unstalled

from .observations import RATE, changed, observation, samples

SHARE = 0.3


def slow(after_per_s: float | None = None) -> Observation:
    """The witness had a third of its rate before the stall. The connection may end with the stall."""
    return observation(samples=samples(share=SHARE, growth=1.0), witness_after_per_s=after_per_s)


def control(bytes_per_s: float | None) -> Unstalled:
    return Unstalled(seconds=3.0, gap_s=0.01, net_gap_s=0.01, bytes_per_s=bytes_per_s)


@pytest.mark.parametrize(
    ("bytes_per_s", "starves"),
    [(None, True), (RATE, True), (0.6 * RATE, True), (0.4 * RATE, False), (SHARE * RATE, False)],
)
def test_a_rate_that_is_as_low_without_a_stalled_client_starves_nobody(
    bytes_per_s: float | None, starves: bool
) -> None:
    seen = changed(slow(), unstalled=control(bytes_per_s))
    assert (Finding.STARVES_OTHERS in judge_stall(seen).findings) == starves


def test_a_low_rate_alone_is_in_doubt_until_the_usual_rate_is_known() -> None:
    doubt = doubt_of(slow())
    assert doubt is not None
    assert (doubt.pause_s, doubt.watch_s) == (math.inf, 3.0)
    assert doubt_of(slow(after_per_s=RATE)) is None, "the rate after the wake is known"
    assert doubt_of(changed(slow(), unstalled=control(RATE))) is None, "it was measured"
    assert doubt_of(observation(witness_after_per_s=None)) is None, "nobody is starved"


def test_the_lowest_usual_rate_of_a_server_counts_in_each_of_its_stalls() -> None:
    first = changed(slow(), unstalled=control(RATE))
    second = changed(slow(), unstalled=replace(control(SHARE * RATE), gap_s=0.5))
    both = with_all_controls([first, second])
    assert {one.control and one.control.bytes_per_s for one in both} == {SHARE * RATE}
    assert [one.findings for one in reports_of([first, second])] == [(), ()]


def test_the_evidence_has_the_usual_rate() -> None:
    (report,) = reports_of([changed(slow(), unstalled=control(RATE))])
    assert (
        "in the 3 s that were watched while every client read, a client that reads everything received "
        "3.0 MB/s"
    ) in report.evidence
