"""Limits on a result: kept, broken, or not tested; and how far each makes a probe look."""

from typing import Any, cast

import pytest
from msgspec.structs import replace

from stallsim.probing.observe.observation import Observation
from stallsim.probing.options.limits import LimitOptions, limits_of
from stallsim.probing.report.rows import assessed_rows
from stallsim.probing.report.thresholds import Thresholds
from stallsim.probing.report.wording import report_lines
from stallsim.probing.spec import WatchUntil
from stallsim.timeline.probed.outcomes import Assessment, Outcome

from .observations import blocked, closed, observation, samples
from .test_probe_report import BLIND, MANY, WAITED, probed

USUAL = WatchUntil.for_timeout(30.0)
ANSWER = blocked(refused_bytes=200_000, beyond_bytes=150_000, witness_after_per_s=0.0, full_after_s=0.5)
"""It ended during the stall, and came in full after the wake: kept, or made late."""
KEPT, BROKEN, UNTESTED = (0, 0), (1, 0), (0, 1)


def thresholds(fail_on: str | None, max_queue: int | None, within: float | None) -> Thresholds:
    given = {"fail_on": fail_on, "max_queue": max_queue, "must_close_within": within}
    return limits_of(cast("LimitOptions", {name: one for name, one in given.items() if one is not None}))


@pytest.mark.parametrize(
    ("limits", "seen", "found"),
    [
        (("unbounded-growth", None, None), observation(refused_bytes=MANY), BROKEN),
        (("unbounded-growth", None, None), observation(), UNTESTED),
        (("unbounded-growth", None, None), observation(end=closed()), KEPT),
        (("growth, unbounded-growth", None, None), observation(), BROKEN),
        (("unbounded-growth", None, None), observation(verified=False), UNTESTED),
        (("inconclusive", None, None), observation(verified=False), BROKEN),
        (("blocks-everyone, drops-silently", None, None), observation(), KEPT),
        (("keepalive-blind", None, None), BLIND, BROKEN),
        ((None, 2_000_000, None), observation(), BROKEN),
        ((None, 20_000_000, None), observation(), UNTESTED),
        ((None, 20_000_000, None), observation(end=closed()), KEPT),
        ((None, 20_000_000, None), observation(verified=False), UNTESTED),
        ((None, 2_000_000, None), WAITED, KEPT),
        ((None, 100_000, None), ANSWER, UNTESTED),
        ((None, 2_000_000, None), ANSWER, UNTESTED),
        ((None, None, 1.0), observation(), BROKEN),
        ((None, None, 30.0), observation(), UNTESTED),
        ((None, None, 1.0), observation(end=closed(2.0)), BROKEN),
        ((None, None, 3.0), observation(end=closed(2.0)), KEPT),
        ((None, None, 3.0), observation("vanishing"), UNTESTED),
    ],
)
def test_thresholds_are_kept_broken_or_not_tested(
    limits: tuple[Any, Any, Any], seen: Observation, found: tuple[int, int]
) -> None:
    result = thresholds(*limits).apply(probed(seen))
    assert (len(result.violations), len(result.untested)) == found
    marked = [line for line in report_lines(result, None) if line.startswith(("FAIL", "UNTESTED"))]
    assert len(marked) == sum(found)
    assert (assessed_rows(result)[0].standing is Assessment.FAULT) == bool(result.violations)


def test_a_bound_belongs_to_the_server_so_one_stall_that_shows_it_is_enough() -> None:
    limits = thresholds(None, 20_000_000, 3.0)
    assert not limits.apply(probed(observation(end=closed(2.0)), observation())).untested


@pytest.mark.parametrize(
    ("limits", "watched"),
    [
        ((None, None, None), USUAL),
        (("unbounded-growth", None, None), USUAL),
        ((None, None, 20.0), WatchUntil(seconds=21.0)),
        (("growth", None, 20.0), WatchUntil(seconds=USUAL.seconds)),
        ((None, 10_000_000, None), WatchUntil(seconds=120.0, until_bytes=11_262_144)),
        ((None, 10_000_000, 2.0), WatchUntil(seconds=120.0, until_bytes=11_262_144, at_least_s=2.1)),
    ],
)
def test_thresholds_say_how_far_to_look(limits: tuple[Any, Any, Any], watched: WatchUntil) -> None:
    assert thresholds(*limits).watch(USUAL) == watched


def test_memory_that_grew_past_a_limit_on_payload_is_told_beside_it() -> None:
    dear = observation(samples=samples(growth=40.0))
    (words,) = thresholds(None, 20_000_000, None).apply(probed(dear)).notes
    assert "the process's memory grew by 480 MB" in words
    assert not thresholds(None, 20_000_000, None).apply(probed(observation())).notes


def test_of_an_answer_that_ended_what_came_later_is_counted_and_not_held_against_the_server() -> None:
    result = thresholds(None, 100_000, None).apply(probed(ANSWER))
    assert (result.outcome, result.stalls[0].held_bytes) == (Outcome.INCONCLUSIVE, 150_000)
    before = replace(observation().record.baseline, messages=0, ended=True, earlier_messages=200)
    whole = probed(observation("zero-window", baseline=before, refused_bytes=0, beyond_bytes=770_000))
    assert whole.stalls[0].held_bytes == 770_000, "it was over before the stall began"
    assert "received 150 kB after the wake, and whether the server had held them" in result.untested[0]
