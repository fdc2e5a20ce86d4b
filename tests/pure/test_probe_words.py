"""Single words of a report that would claim more than was seen, or what cannot be."""

import pytest
import trio

from stallsim.probing.address import parse_url
from stallsim.probing.judging.cut import cut_words
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.report import report_of
from stallsim.probing.report.rows import row_of
from stallsim.probing.report.summary import summarize_probe
from stallsim.probing.report.wording import report_lines
from stallsim.probing.resolving import resolve
from stallsim.timeline.probed.measures import Cut, Healthy
from stallsim.timeline.probed.outcomes import Confidence, Outcome
from stallsim.timeline.probed.result import ProbeResult
from stallsim.timeline.probed.stall_record import Baseline

from .observations import MB, changed, closed, observation

IDLE = Baseline(seconds=10.5, bytes_per_s=0.0, messages=0, worst_gap_s=0.0, pace=1.0, ended=True)


def probed(*seen: Observation) -> ProbeResult:
    reports = [report_of(one, judge_stall(one)) for one in seen]
    return summarize_probe("ws://127.0.0.1:1/", "", reports, 3.0, "")


@pytest.mark.parametrize("has_ping", [True, False])
@pytest.mark.parametrize("who", [Healthy.WITNESS, Healthy.SILENT_CONTROL])
def test_who_has_no_ping_is_not_said_to_answer_it(has_ping: bool, who: Healthy) -> None:
    one = Cut(who=who, alone=False, after_s=6.2, how="fin", code=None, reason="")
    assert ("answers every Ping" in cut_words(one, has_ping=has_ping)) is has_ping


def test_a_close_without_a_code_has_none() -> None:
    one = Cut(who=Healthy.WITNESS, alone=False, after_s=6.2, how="close", code=1005, reason="")
    assert cut_words(one).endswith("with Close, no code, no reason")


def test_of_an_idle_server_no_gap_is_told_and_no_bound() -> None:
    idle = changed(observation(end=closed(3.5)), baseline=IDLE, refused_bytes=0)
    result = probed(idle)
    text = "\n".join(report_lines(result, "utf-8", verbose=True))
    assert row_of(result.stalls[0]).bound == "nothing waited"
    assert "with gaps of up to" not in text
    assert "refused by the kernels" not in result.summary


def test_an_end_that_silence_explains_in_one_stall_is_sure_in_none() -> None:
    """Who has sent nothing for 3 s is closed; only the longest stall has seen the control go."""
    cut = Cut(who=Healthy.SILENT_CONTROL, alone=False, after_s=3.0, how="close", code=4000, reason="")
    ended = observation(end=closed(2.0))
    assert probed(ended).confidence is Confidence.HIGH
    both = probed(observation(end=closed(3.0), cuts=(cut,)), ended)
    assert (both.outcome, both.confidence) == (Outcome.DISCONNECTS, Confidence.LOW)
    assert "may be the client's silence" in both.stalls[1].evidence[-1]
    assert (
        probed(observation(cuts=(cut,)), observation(refused_bytes=100 * MB)).confidence is Confidence.HIGH
    )


def test_a_queue_that_filled_between_two_looks_was_not_given_more_to_the_end() -> None:
    """So it is of a unix socket, which has no window that shuts."""
    judged = judge_stall(observation(verified=False, full_after_s=0.05))
    assert "accepted no more, but did not confirm" in judged.because


def test_a_stall_that_showed_the_end_was_looked_at_farthest() -> None:
    """The kernels had never been full, since nobody was given anything until the end."""
    ended, short = observation(end=closed(7.0), full_after_s=None), observation("zero-window")
    assert "stop-reading until the server acted, 7 s into the stall" in "\n".join(
        report_lines(probed(ended, short), "utf-8")
    )


def test_localhost_is_both_addresses_of_this_machine() -> None:
    async def found() -> tuple[str, ...]:
        return await resolve(parse_url("ws://localhost:80/"), allow_remote=False)

    hosts = trio.run(found)
    assert hosts[0] == "127.0.0.1"
    assert set(hosts) <= {"127.0.0.1", "::1"}
