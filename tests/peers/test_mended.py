"""A server that has been mended is told to be, by the default command; a quick arm has small bounds."""

import pytest

from stallsim.probing.spec import WatchUntil

from .mended import MENDED, Mended, ask, wrong
from .peer import UNBOUNDED

pytestmark = [pytest.mark.loopback, pytest.mark.slow, pytest.mark.realtime]
BRIEF = WatchUntil(seconds=2.5)
QUICK = [one for one in MENDED if not one.nightly]


@pytest.mark.parametrize("server", QUICK, ids=lambda server: server.name)
def test_a_small_bound_is_seen_in_a_scaled_look(server: Mended) -> None:
    result = ask(server, ("stop-reading",), watch=BRIEF)
    assert wrong(server, result) == [], result.stalls[0].evidence


@pytest.mark.nightly
@pytest.mark.parametrize("server", MENDED, ids=lambda server: server.name)
def test_whatever_has_been_mended_is_told_to_be(server: Mended) -> None:
    result = ask(server)
    assert wrong(server, result) == [], [one.evidence for one in result.stalls]
    if server.outcome == UNBOUNDED:
        assert result.stalls[0].refused_bytes > result.stalls[1].refused_bytes
