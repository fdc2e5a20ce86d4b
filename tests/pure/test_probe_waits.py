"""How long a stall is watched for an end that a Ping of the server begins."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from stallsim.probing.client.ping_times import PingTimes
from stallsim.probing.spec import HORIZON, WatchUntil
from stallsim.probing.trial.context import TrialContext
from stallsim.probing.trial.stall import _pong_due_s

BEGAN_S = 100.0


def context(ping_s: float | None, joined_later_s: float, watch: WatchUntil) -> TrialContext:
    pings = PingTimes()
    if ping_s is not None:
        pings.append(BEGAN_S + ping_s)
    clients: Any = {
        name: SimpleNamespace(stream_client=SimpleNamespace(pings=pings, joined_s=joined_s))
        for name, joined_s in (("witness", 95.0), ("stalled", 95.0 + joined_later_s))
    }
    seen: Any = SimpleNamespace(observer=SimpleNamespace(began_s=BEGAN_S), watch=watch, **clients)
    return cast(TrialContext, seen)


@pytest.mark.parametrize(
    ("ping_s", "joined_later_s", "watch", "due_s"),
    [
        (17.3, 0.0, HORIZON, 38.3),
        (17.3, 2.7, HORIZON, 41.0),
        (30.0, 0.0, HORIZON, 0.0),
        (None, 2.7, HORIZON, 0.0),
        (17.3, 2.7, WatchUntil(seconds=2.0), 0.0),
    ],
    ids=["with the witness", "later than the witness", "too late a Ping", "no Ping", "a short watch"],
)
def test_the_stalled_clients_own_ping_comes_as_much_later_as_it_joined(
    ping_s: float | None, joined_later_s: float, watch: WatchUntil, due_s: float
) -> None:
    assert _pong_due_s(context(ping_s, joined_later_s, watch)) == pytest.approx(due_s)
