"""A limit is kept by clients that are open: those that the server has ended or refused keep none."""

import pytest
from msgspec.structs import replace

from stallsim.fleet.result import Kept
from stallsim.fleet.words import fleet_lines
from stallsim.kinds import ParkedEnding
from stallsim.reports.account import CheckStatus
from stallsim.reports.accounts.fleet import account_of_fleet
from stallsim.timeline.fleet.clients import Ends
from stallsim.timeline.fleet.steps import FleetStep
from stallsim.timeline.histogram import Histogram

from .test_fleet_verdict import ALL, GROWN, QUIET, found


def with_ends(one: FleetStep, fins: int, unseen: int) -> FleetStep:
    """The server has ended so many that see it, and so many that do not; all the others are open."""
    fin = Ends(count=fins, open_ms=Histogram.of([300] * fins))
    tally = replace(one.tally, parked=one.clients - fins, ended={ParkedEnding.FIN: fin} if fins else {})
    return replace(one, tally=tally, look=replace(QUIET, ended_unseen=unseen))


@pytest.mark.parametrize("unseen_share", [0, 0.5, 1])
def test_where_the_server_has_ended_every_parked_client_no_limit_is_kept(unseen_share: float) -> None:
    unseen = [round(unseen_share * one.clients) for _, one in GROWN]
    steps = [
        (kind, with_ends(one, one.clients - count, count))
        for (kind, one), count in zip(GROWN, unseen, strict=True)
    ]
    result = found(*steps)
    assert {one.kept for one in result.limits} == {Kept.NOT_TESTED}
    why = "no client was open at the end of a look: the server had ended all 3,000"
    lines = fleet_lines(result, "utf-8")
    assert f"CAPACITY not known: {why}" in lines
    assert f"memory   not known: {why}" in lines
    assert f"UNTESTED fail-on server-ended: {why}" in lines
    account = account_of_fleet(None, result)
    assert account.outcome == why
    assert CheckStatus.PASSED not in {one.status for one in account.checks}


def test_a_limit_that_is_kept_says_of_how_many_open_clients_and_that_others_were_ended() -> None:
    *before, (kind, last) = GROWN
    result = found(*before, (kind, with_ends(last, 0, 3000)), limits=replace(ALL, clients_min=3000))
    limits = {one.limit: one for one in result.limits}
    assert limits["fail-on server-ended"].words == (
        "server-ended (the server's processes are gone, or the connections of all witnesses have ended): "
        "not seen with up to 2,000 open clients (the server had ended 3,000)"
    )
    assert limits["min-clients"].kept is Kept.NOT_TESTED
    assert limits["min-clients"].words == (
        "no more than 2,000 clients were open at the end of a look (the server had ended 3,000); "
        "at least 3,000 are required"
    )


def test_where_every_client_was_refused_no_other_limit_is_kept() -> None:
    refused = [
        (kind, replace(one, tally=replace(one.tally, parked=0, refused={"answered 503": one.clients})))
        for kind, one in GROWN
    ]
    kept = {one.limit: one.kept for one in found(*refused).limits}
    assert kept.pop("fail-on refused") is kept.pop("min-clients") is Kept.BROKEN
    assert set(kept.values()) == {Kept.NOT_TESTED}
