"""A limit on what a server holds for one client is exceeded, kept, or not known."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.report.queue_limit import exceeded, kept
from stallsim.probing.report.report import report_of
from stallsim.probing.report.rows import row_of
from stallsim.probing.report.thresholds import Thresholds
from stallsim.probing.report.wording import report_lines
from stallsim.reports.account import CheckStatus
from stallsim.reports.accounts.probe import account_of_probe
from stallsim.timeline.probed.comparison import ComparedBy
from stallsim.timeline.probed.measures import Ending
from stallsim.timeline.probed.outcomes import Dropped, Outcome
from stallsim.timeline.probed.result import ProbeResult

from .observations import KERNEL, MB, MESSAGE, blocked, changed, closed, comparison, observation, samples
from .test_probe_report import probed

LIMIT = 8 * MB
KEPT, EXCEEDED, NOT_KNOWN = (0, 0), (1, 0), (0, 1)
CLOSED = observation(end=closed(2.0))
"""12 MB had been refused, and nothing came after the end."""
SMALL_QUEUE = observation(
    "sleeping-tab",
    comparison=comparison(missing=11_000, waited=800, dropped=Dropped.NEWEST),
    samples=samples(),
)
"""It holds 100 kB and drops the rest."""
CAME = comparison(kept_bytes=10 * MB)
"""So much had the witness received before the wake, and the stalled client after it."""
MANY: dict[str, Any] = {"refused_bytes": 90 * MB, "end": closed(2.0)}


def ended(grown: int, freed_after_s: float | None) -> Ending:
    return Ending(
        decided_after_s=2.0,
        sign="close",
        gone_after_s=2.1,
        left_state=None,
        left_bytes=None,
        grown_bytes=grown,
        freed_after_s=freed_after_s,
        watched_s=1.0,
    )


def limited(*seen: Observation, allow: bool = False) -> ProbeResult:
    return Thresholds(max_queue_bytes=LIMIT, allow_untested=allow).apply(probed(*seen))


@pytest.mark.parametrize(
    ("seen", "answer", "words"),
    [
        (CLOSED, NOT_KNOWN, "the server held between 0 B and 12.0 MB: it ended the connection"),
        (observation(end=closed(2.0), refused_bytes=7 * MB), KEPT, ""),
        (
            observation(end=closed(2.0), still_joining=True),
            NOT_KNOWN,
            "what the server still had to send on joining",
        ),
        (
            observation(end=closed(None, "fin", None), comparison=CAME),
            EXCEEDED,
            "the server held at least 9.3 MB, more than 8.0 MB",
        ),
        (SMALL_QUEUE, KEPT, ""),
        (
            observation(comparison=comparison(missing=11_900, missing_late=900, waited=800)),
            NOT_KNOWN,
            "between 100 kB and 12.0 MB: some of the messages that never came may have waited for a time",
        ),
        (
            observation(
                comparison=comparison(missing=11_000, waited=800, kept_bytes=800_000, kept_evenly=True)
            ),
            NOT_KNOWN,
            "at least 100 kB: the messages that waited are from every part of the stall",
        ),
        (
            observation(
                comparison=comparison(ComparedBy.COUNTED, message_bytes=1000.0),
                refused_bytes=9 * MB,
                samples=samples(),
            ),
            NOT_KNOWN,
            "the process's memory had not grown with the messages that came late",
        ),
        (
            observation(comparison=comparison(ComparedBy.NUMBERED), samples=samples(), fresh=True),
            NOT_KNOWN,
            "between 0 B and 12.0 MB: some of the messages that came late may have been made late",
        ),
        (
            blocked(refused_bytes=11 * MB, beyond_bytes=11 * MB, full_after_s=0.5, comparison=CAME),
            EXCEEDED,
            "held at least 9.3 MB",
        ),
        (
            blocked(refused_bytes=11 * MB, beyond_bytes=11 * MB, full_after_s=0.5),
            NOT_KNOWN,
            "between 0 B and 11.0 MB: the messages do not show which of them waited",
        ),
        (blocked(), KEPT, ""),
        (observation("no-pong", end=closed(), refused_bytes=0), NOT_KNOWN, "no bound was seen"),
        (observation(), EXCEEDED, "the server held 12.0 MB, more than 8.0 MB"),
        (
            observation(visible=False, refused_bytes=8_500_000),
            NOT_KNOWN,
            "between 7.5 MB and 8.5 MB: the server's kernel could not be read",
        ),
    ],
)
def test_a_limit_is_exceeded_kept_or_not_known(
    seen: Observation, answer: tuple[int, int], words: str
) -> None:
    result = limited(seen)
    assert (len(result.violations), len(result.untested)) == answer
    assert words in " ".join([*result.violations, *result.untested])


@pytest.mark.parametrize(
    ("growth", "grown", "freed_after_s", "answer"),
    [
        (1.0, 90 * MB, 2.5, EXCEEDED),
        (1.0, 90 * MB, None, NOT_KNOWN),
        (1.0, 9 * MB, 2.5, NOT_KNOWN),
        (0.2, 90 * MB, 2.5, NOT_KNOWN),
    ],
)
def test_memory_that_an_end_gave_back_was_held_for_this_client(
    growth: float, grown: int, freed_after_s: float | None, answer: tuple[int, int]
) -> None:
    """Garbage of a heap neither grows with the refused bytes nor goes with the connection."""
    seen = observation(**MANY, samples=samples(growth=growth), ending=ended(grown, freed_after_s))
    result = limited(seen)
    (report,) = result.stalls
    assert (len(result.violations), len(result.untested)) == answer
    assert report.held_bytes_max == 90 * MB
    if answer is EXCEEDED:
        assert 10 * MB < report.held_bytes_min < grown / 4


def test_growth_that_only_memory_shows_is_not_certainly_held() -> None:
    """Two streams of different paces show nothing, and a heap may hold garbage."""
    seen = observation(comparison=comparison(ComparedBy.COUNTED, lag_end=6000))
    seen = changed(seen, baseline=replace(seen.record.baseline, pace=0.5))
    judged = judge_stall(seen)
    assert (judged.outcome, judged.by_memory) == (Outcome.GROWTH, True)
    (words,) = limited(seen).untested
    assert "between 0 B and 12.0 MB: only the growth of the process's memory shows" in words


def test_another_stall_may_show_the_bound_and_a_note_says_so() -> None:
    result = limited(CLOSED, SMALL_QUEUE)
    assert not result.violations
    assert not result.untested
    (note,) = (words for words in result.notes if "counts as kept" in words)
    assert "in stop-reading the server held between 0 B and 12.0 MB" in note
    assert "held ~100 kB at the wake in sleeping-tab" in note
    assert not [words for words in limited(SMALL_QUEUE).notes if "counts as kept" in words]


def test_a_limit_below_what_another_stall_certainly_held_is_not_the_server_s() -> None:
    """It held 100 kB in one stall, and at least 3 MB in another: neither shows that 8 MB are kept."""
    larger = observation(comparison=comparison(missing=8000, missing_late=900, waited=3700))
    result = limited(larger, SMALL_QUEUE)
    assert not result.violations
    assert "in stop-reading the server held between 3.0 MB and 12.0 MB" in " ".join(result.untested)
    assert not limited(SMALL_QUEUE).untested


def test_what_is_not_known_is_not_tested_in_every_report() -> None:
    result = limited(CLOSED)
    assert result.unmet
    assert not limited(CLOSED, allow=True).unmet
    assert [line for line in report_lines(result, None) if line.startswith("UNTESTED")]
    for one, status in (
        (result, CheckStatus.NOT_TESTED),
        (limited(CLOSED, allow=True), CheckStatus.NOT_KNOWN),
    ):
        check = account_of_probe(None, one).checks[-1]
        assert (check.name, check.status) == ("--max-queue", status)
        assert "between 0 B and 12.0 MB" in check.message


def test_the_row_has_both_limits() -> None:
    came = observation(end=closed(2.0), beyond_bytes=64_000, refused_bytes=9 * MB)
    assert row_of(report_of(came, judge_stall(came))).bound == "between ~64.0 kB and ~9.0 MB"


SIZES = st.integers(0, 100 * MB)
ENDS = st.sampled_from([None, closed(2.0), closed(None), closed(None, "fin", None)])


@given(
    refused=SIZES,
    beyond=SIZES,
    joining=SIZES,
    kept_bytes=SIZES,
    waited=st.none() | st.integers(0, 50_000),
    missing=st.integers(0, 50_000),
    late=st.integers(0, 5000),
    lag_end=st.integers(0, 50_000),
    kind=st.sampled_from(ComparedBy),
    end=ENDS,
    visible=st.booleans(),
    stall=st.sampled_from(["stop-reading", "zero-window", "slow-reader"]),
    growth=st.sampled_from([0.0, 1.0, 3.0]),
    limit=SIZES,
)
def test_the_lower_limit_is_never_above_the_upper_one(limit: int, **drawn: Any) -> None:
    """And a limit is never exceeded and kept at once."""
    compared = comparison(
        drawn["kind"],
        kept_bytes=drawn["kept_bytes"],
        waited=drawn["waited"],
        missing=drawn["missing"] + drawn["late"],
        missing_late=drawn["late"],
        lag_end=drawn["lag_end"],
    )
    seen = observation(
        drawn["stall"],
        comparison=compared,
        refused_bytes=drawn["refused"],
        beyond_bytes=drawn["beyond"],
        joining_bytes=drawn["joining"],
        end=drawn["end"],
        visible=drawn["visible"],
        samples=samples(growth=drawn["growth"]),
    )
    report = report_of(seen, judge_stall(seen))
    assert report.held_bytes_min >= 0
    assert report.held_bytes_max is None or report.held_bytes_min <= report.held_bytes_max
    assert not (exceeded(report, limit) and kept(report, limit))


def test_what_the_kernels_held_did_not_wait_in_the_server() -> None:
    """A server drops, and ends the connection after the wake: by then 2 MB of older messages had come."""
    late = comparison(missing=5000, kept_bytes=2 * MB, lag_end=4000, message_bytes=float(MESSAGE))
    seen = observation(end=closed(None, "rst", None), comparison=late)
    report = report_of(seen, judge_stall(seen))
    assert (report.outcome, report.held_bytes_min) == (Outcome.DISCONNECTS, 2 * MB - KERNEL)


def test_missing_messages_take_nothing_from_the_upper_limit() -> None:
    """Of 9.4 MB that were refused to a slow reader, 9.5 MB were counted as missing: 100 kB had waited."""
    dropping = observation(end=closed(2.0), comparison=comparison(missing=12_100))
    assert row_of(report_of(dropping, judge_stall(dropping))).bound == "at most ~12.0 MB"
