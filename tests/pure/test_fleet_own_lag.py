"""A size at which this program itself did not run for a second says nothing of the witnesses."""

from msgspec.structs import replace

from stallsim.comparing.fleet import side_of_fleet
from stallsim.fleet.bounds import suffering
from stallsim.fleet.own_lag import unjudged
from stallsim.fleet.result import FleetResult, Kept
from stallsim.fleet.words import fleet_lines
from stallsim.reports.account import CheckStatus
from stallsim.reports.accounts.fleet import account_of_fleet
from stallsim.timeline.fleet.asked import FleetLimits
from stallsim.timeline.fleet.steps import StepKind

from .fleets import seen
from .test_fleet_verdict import GROWN, found

WHY = "stallsim itself did not run for 1.5 s"
LIMITS = FleetLimits(clients_min=3000, fail_on=frozenset({"witnesses", "refused"}))


def lagging(*, at: int, least: int = 3000, suffers: bool = False) -> FleetResult:
    steps = [
        (kind, replace(one, witnessed=replace(one.witnessed, own_lag_s=1.5, ended=int(suffers))))
        if one.clients == at
        else (kind, one)
        for kind, one in GROWN
    ]
    return found(*steps, limits=replace(LIMITS, clients_min=least))


def test_a_size_is_not_judged_by_what_this_program_may_have_done() -> None:
    result = lagging(at=3000)
    assert (result.capacity.held, result.capacity.open_below) == (2000, 3000)
    assert {one.limit: one.kept for one in result.limits} == {
        "min-clients": Kept.NOT_TESTED,
        "fail-on witnesses": Kept.NOT_TESTED,
        "fail-on refused": Kept.KEPT,
    }
    said = f"not known whether the witnesses kept their bounds with 3,000 clients: {WHY}"
    assert f"unknown  {said}" in fleet_lines(result, "utf-8")
    assert all(said in one.words for one in result.limits if one.kept is Kept.NOT_TESTED)
    account = account_of_fleet(None, result)
    assert said in account.words
    status = {one.name: one.status for one in account.checks}
    assert status["step 3: 3,000 clients"] is CheckStatus.NOT_KNOWN
    assert status["step 2: 2,000 clients"] is CheckStatus.PASSED
    assert side_of_fleet(result).rows["3,000 clients"].unknown == WHY


def test_sizes_that_were_judged_still_keep_a_limit() -> None:
    kept = {one.limit: one.kept for one in lagging(at=2000, least=1000).limits}
    assert kept["min-clients"] is Kept.KEPT
    assert kept["fail-on witnesses"] is Kept.NOT_TESTED


def test_where_the_baseline_was_not_watched_no_size_is_judged() -> None:
    result = lagging(at=0)
    assert result.capacity.held == 0
    assert set(result.unjudged.values()) == {f"{WHY} in the baseline"}
    assert f"with 1,000, 2,000, 3,000 clients: {WHY} in the baseline" in "\n".join(
        fleet_lines(result, "utf-8")
    )


def test_a_bound_that_was_left_in_any_case_is_left() -> None:
    result = lagging(at=3000, suffers=True)
    assert not result.unjudged
    assert {one.kept for one in result.limits} == {Kept.BROKEN, Kept.KEPT}


def test_a_short_lag_of_a_long_hold_leaves_its_average_to_be_judged() -> None:
    baseline, hold = seen(*[1000] * 30), replace(seen(*[1000] * 30, seconds=30), own_lag_s=1.5)
    assert not unjudged(baseline, hold)
    assert "receives 600 B/s" in suffering(baseline, replace(hold, bytes_per_s=600))
    worst = replace(hold, least_bytes_per_s=100)
    assert not suffering(replace(baseline, silent_s=0.3), worst), "those five seconds may be the lag"


def test_a_hold_that_was_not_watched_takes_its_size_back() -> None:
    (_, last) = GROWN[-1]
    held = replace(last, witnessed=replace(last.witnessed, own_lag_s=1.5))
    result = found(*GROWN, (StepKind.HELD, held), limits=LIMITS)
    assert result.capacity.held == 2000
