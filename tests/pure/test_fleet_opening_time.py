"""How long a step may take to open its clients: it is the server's time, without that of a slow rate."""

from typing import Any, cast

import pytest
import trio
import trio.testing
from msgspec.structs import replace

from stallsim.fleet.growing import FleetGrowth
from stallsim.fleet.spec import FleetSpec
from stallsim.probing.spec import Target
from stallsim.timeline.events.fleet import FleetStops
from stallsim.timeline.events.what import What
from stallsim.timeline.fleet.clients import HeldCount
from stallsim.timeline.fleet.reading import Reading

SPEC = FleetSpec(target=Target(url="ws://127.0.0.1:1/"), clients=10, opening_s=60.0, rate_per_s=5000.0)


class Holding:
    """Clients that are ordered at one time and open at another one; both are read and recorded here."""

    def __init__(self, ordered_s: float, open_s: float) -> None:
        self._ordered_s, self._open_s = ordered_s, open_s
        self._began_s = trio.current_time()
        self.latest, self.due_s = Reading(tick=0, tally=HeldCount()), 0.0
        self.happenings: list[What] = []
        self.rss_most_bytes = None

    @property
    def tally(self) -> HeldCount:
        now_s = trio.current_time() - self._began_s
        parked = 10 if now_s >= self._open_s else 0
        return HeldCount(wanted=10 if now_s >= self._ordered_s else 0, parked=parked)

    def short(self) -> None:
        return None

    async def read(self) -> None:
        self.latest = replace(self.latest, tally=self.tally)

    def happened(self, what: What) -> None:
        self.happenings.append(what)


@pytest.mark.parametrize(
    ("ordered_s", "open_s", "rate_per_s", "says"),
    [
        (0.0, 59.0, 5000.0, ""),
        (0.0, 62.0, 5000.0, "the server had not opened 10 clients after 60 s"),
        (50.0, 100.0, 5000.0, ""),  # those that hold them had other work
        (0.0, 150.0, 0.1, ""),  # ten clients at that rate take 100 s
        (0.0, 170.0, 0.1, "the server had not opened 10 clients after 160 s"),
    ],
)
def test_a_step_ends_when_the_server_has_had_its_time(
    ordered_s: float, open_s: float, rate_per_s: float, says: str
) -> None:
    async def grow() -> list[What]:
        holding = Holding(ordered_s, open_s)
        all_of_it = cast("Any", holding)
        growth = FleetGrowth(replace(SPEC, rate_per_s=rate_per_s), all_of_it, all_of_it, all_of_it)
        await growth._await_open(10, 10)
        return holding.happenings

    happened = trio.run(grow, clock=trio.testing.MockClock(autojump_threshold=0))
    stops = [one.reason for one in happened if isinstance(one, FleetStops)]
    assert stops == ([says] if says else [])
