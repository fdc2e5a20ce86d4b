"""A row and its sentence have one measure, and a stream of few messages has no share of a rate."""

import pytest
from msgspec.structs import replace

from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.report import report_of
from stallsim.probing.report.rows import row_of
from stallsim.timeline.probed.outcomes import Finding, Outcome
from stallsim.timeline.probed.result import StallReport
from stallsim.timeline.probed.stall_record import Rhythm

from .observations import RATE, blocked, changed, observation, samples


def reported(seen: Observation) -> StallReport:
    return report_of(seen, judge_stall(seen))


@pytest.mark.parametrize(
    ("seen", "row", "sentence"),
    [
        (blocked(), "nothing for 2 s", "the witness received nothing for 2 s"),
        (
            blocked(samples=samples(share=0.01), verified=True, full_after_s=0.2),
            "1%",
            "the witness received 1% of its stream",
        ),
    ],
)
def test_a_blocked_witness_has_one_measure(seen: Observation, row: str, sentence: str) -> None:
    """The row said 'nothing for 44 s', where the witness received a message each second."""
    report = reported(seen)
    assert report.outcome is Outcome.BLOCKS_EVERYONE
    assert row_of(report).others == row
    assert sentence in report.summary


@pytest.mark.parametrize(("messages", "known"), [(1, False), (2, False), (6, True)])
def test_a_stream_of_few_messages_has_no_share_of_its_rate(messages: int, known: bool) -> None:
    """A share of 5708534 % was told of a stream of one message a second."""
    usual = observation()
    few = replace(usual.record.baseline, seconds=6.0, messages=messages, bytes_per_s=5.0)
    report = reported(changed(usual, baseline=replace(few, rhythm=Rhythm(every_s=1.0, messages=1.0))))
    evidence = " ".join(report.evidence)
    assert (report.figure("witness_share") is not None) is known
    assert ("of this rate" in evidence) is known
    assert ("received 5 B/s" in evidence) is (messages > 1)
    assert (row_of(report).others == "too short a time") is not known


@pytest.mark.parametrize(("share", "sent"), [(0.0, False), (1.0, True)])
def test_who_blocks_all_clients_is_not_said_to_send_too_little(share: float, sent: bool) -> None:
    """The kernels accept everything if nobody receives anything."""
    idle_s = 0.9 if share == 0.0 else 0.004
    seen = observation(
        samples=samples(share=share, idle_s=idle_s), full_after_s=None, refused_bytes=0, verified=False
    )
    words = judge_stall(seen).because
    assert ("the server sent too little" in words) is sent
    assert ("the witness received next to nothing either" in words) is not sent


def test_a_leak_has_advice_of_its_own() -> None:
    after = {"gone_s": 5.0, "after_withheld_s": 0.0, "growth_after_close_per_s": 1.0 * RATE}
    report = reported(observation("vanishing", **after))
    assert report.findings == (Finding.LEAKS_AFTER_CLOSE,)
    assert report.advice[0].startswith("find what still grows")
    assert not any("see the other stalls" in words for words in report.advice)
