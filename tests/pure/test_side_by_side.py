"""Stalls run side by side if there is room; a doubtful result is tried again alone."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
import trio
import trio.testing
from msgspec.structs import replace

from stallsim.errors import EnvironmentUnfit
from stallsim.probing.attempt import Begins, Tried
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.plan import Planned
from stallsim.probing.report.report import report_of
from stallsim.probing.side_by_side import SideBySide
from stallsim.probing.spec import WatchUntil
from stallsim.probing.stalls import find_stall
from stallsim.timeline.probed.measures import Period
from stallsim.timeline.probed.outcomes import Finding

from .observations import observation

LONG, SHORT = WatchUntil(seconds=31.5), WatchUntil(seconds=2.0)
REPORT = report_of(observation(), judge_stall(observation()))
BASELINE_S = 1.0


def planned(watch: WatchUntil, *, keepalive: bool = False) -> Planned:
    return Planned(find_stall("stop-reading"), watch, keepalive=keepalive)


@dataclass
class Servers:
    """Attempts without a server: how long each takes, what it takes of the machine, what it shows."""

    load: float = 0.1
    withheld_share: float = 0.0
    fail: frozenset[int] = frozenset()
    fail_beside: bool = False
    end_beside: bool = False
    starve: frozenset[int] = frozenset()
    starve_beside: frozenset[int] = frozenset()
    streamless: bool = False
    going_on: set[int] = field(default_factory=set)
    most: int = 0
    spans: list[tuple[int, float, float]] = field(default_factory=list)

    async def attempt(self, number: int, planned: Planned, begins: Begins) -> Tried:
        alone, began_s = not self.going_on, trio.current_time()
        self.going_on.add(number)
        self.most = max(self.most, len(self.going_on))
        try:
            if number in self.fail or (self.fail_beside and not alone):
                raise EnvironmentUnfit("its port is taken")
            await trio.sleep(BASELINE_S)
            if not self.streamless:
                begins(
                    Period(seconds=BASELINE_S, cpu_share=self.load, own_cpu_share=0.0), self.withheld_share
                )
            await trio.sleep(planned.watch.seconds)
        finally:
            self.going_on.remove(number)
            self.spans.append((number, began_s, trio.current_time()))
        starves = number in self.starve or (number in self.starve_beside and not alone)
        return Tried(
            seen=observation(),
            report=replace(REPORT, findings=(Finding.STARVES_OTHERS,) if starves else ()),
            server="",
            output="",
            streamless=self.streamless and not planned.keepalive,
            listens_everywhere=False,
            server_gone=self.end_beside and not alone,
        )


def tried(servers: Servers, *plan: Planned, monkeypatch: pytest.MonkeyPatch, **options: Any) -> SideBySide:
    """On a machine of two CPUs, by trio's own clock."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    settings: dict[str, Any] = {"at_once": None, "time_is_up": lambda: False, **options}
    course = SideBySide(plan, servers.attempt, **settings)
    trio.run(course.run, clock=trio.testing.MockClock(autojump_threshold=0))
    return course


MAIN = (planned(LONG), *[planned(SHORT)] * 4)


def test_the_short_looks_fit_beside_the_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers()
    course = tried(servers, *MAIN, monkeypatch=monkeypatch)
    assert len(course.tried) == 5
    assert servers.most > 1
    ends = {number: until_s for number, _, until_s in servers.spans}
    assert ends[1] == max(ends.values()) == LONG.seconds + BASELINE_S
    begins = sorted(began_s for _, began_s, _ in servers.spans)
    assert all(later - earlier >= BASELINE_S for earlier, later in pairwise(begins))


@pytest.mark.parametrize("case", [{"at_once": 1}, {"load": 0.6}, {"load": 0.2, "withheld_share": 0.7}])
def test_in_turn_where_that_is_asked_for_or_the_machine_has_no_room(
    case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    servers = Servers(load=case.pop("load", 0.1), withheld_share=case.pop("withheld_share", 0.0))
    tried(servers, *MAIN, monkeypatch=monkeypatch, **case)
    assert servers.most == 1
    assert [number for number, _, _ in servers.spans] == [1, 2, 3, 4, 5]


def test_what_fails_beside_others_is_tried_again_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers(fail_beside=True)
    course = tried(servers, *MAIN, monkeypatch=monkeypatch)
    assert (len(course.tried), course.error) == (5, None)
    always = tried(Servers(fail=frozenset({3})), *MAIN, monkeypatch=monkeypatch)
    assert (len(always.tried), str(always.error)) == (4, "its port is taken")


def test_a_server_that_ends_beside_others_is_asked_again_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers(end_beside=True)
    course = tried(servers, *MAIN, monkeypatch=monkeypatch)
    assert not any(one.server_gone for one in course.tried)


def test_harm_that_one_short_look_shows_alone_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers(starve_beside=frozenset({3}))
    course = tried(servers, *MAIN, monkeypatch=monkeypatch)
    assert [one.report.findings for one in course.tried] == [()] * 5
    assert len(servers.spans) == 6
    everywhere = Servers(starve=frozenset(range(1, 6)))
    course = tried(everywhere, *MAIN, monkeypatch=monkeypatch)
    assert len(everywhere.spans) == 5, "it is the server's"
    longest = Servers(starve=frozenset({1}))
    tried(longest, *MAIN, monkeypatch=monkeypatch)
    assert len(longest.spans) == 5, "a long look is not repeated"


def test_without_a_stream_only_those_are_tried_that_need_none(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers(streamless=True)
    course = tried(servers, *MAIN, planned(SHORT, keepalive=True), monkeypatch=monkeypatch)
    assert [number for number, _, _ in servers.spans] == [1, 6]
    assert len(course.tried) == 2


def test_when_the_time_is_up_what_was_tried_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers()
    is_up = {"time_is_up": lambda: len(servers.spans) > 1, "at_once": 1}
    course = tried(servers, *MAIN, monkeypatch=monkeypatch, **is_up)
    assert len(course.tried) == 2
    assert str(course.error) == "the time was over after 2 of 5 stalls"
