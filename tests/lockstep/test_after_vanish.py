"""Whether a server's memory grows after a client has vanished, on trio's test clock."""

from typing import cast

import pytest
import trio
from msgspec.structs import replace
from trio.testing import MockClock

from stallsim.probing.client.connection import ClientConnection
from stallsim.probing.observe.observer import StallObserver
from stallsim.probing.trial.after_vanish import AfterVanish, watch_vanished
from stallsim.probing.trial.leak_watch import LEAK_MIN_PER_S, USUAL_WATCH_MAX_S, LeakWatch
from stallsim.timeline.outside import Look

GROWTH_PER_S = 3_000_000


class Connection:
    def abort(self) -> None:
        pass


class Observer:
    """Sees a server whose memory grows, and a witness that has so much unread, until that moment."""

    def __init__(self, unread: int, until_s: float) -> None:
        self._until_s = until_s
        self._first = Look(
            at_s=0.0,
            witness_bytes=0,
            witness_idle_s=0.0,
            received_bytes=0,
            rcvq_bytes=0,
            outq_bytes=None,
            memory_bytes=0,
            witness_rcvq_bytes=unread,
        )

    def look(self) -> Look:
        grown = round(GROWTH_PER_S * trio.current_time())
        now = replace(self._first, at_s=trio.current_time(), memory_bytes=grown)
        return now if now.at_s < self._until_s else replace(now, witness_rcvq_bytes=0)


async def watch(observer: Observer, leak_watch: LeakWatch | None = None) -> AfterVanish:
    seen = cast(StallObserver, observer)
    connection = cast(ClientConnection, Connection())
    return await watch_vanished(connection, seen, lambda *_: None, leak_watch or LeakWatch())


@pytest.mark.parametrize(
    ("unread", "until_s", "told"),
    [(0, 60.0, True), (2**20, 60.0, False), (2**20, 2.0, True), (2**20, 4.5, False)],
    ids=["never behind", "always behind", "it catches up", "it catches up too late"],
)
def test_memory_that_may_grow_for_a_witness_that_is_behind_is_not_told(
    unread: int, until_s: float, told: bool
) -> None:
    async def watched() -> float | None:
        return (await watch(Observer(unread, until_s))).growth_per_s

    growth = trio.run(watched, clock=MockClock(autojump_threshold=0))
    assert (growth is not None and growth > LEAK_MIN_PER_S) is told


def test_where_memory_is_read_seldom_its_growth_is_not_taken_for_none() -> None:
    """As on a machine that is busy: three readings in the last second are too few for a slope."""

    class Seldom(Observer):
        def look(self) -> Look:
            now = super().look()
            return now if round(now.at_s * 50) % 17 == 0 else replace(now, memory_bytes=None)

    async def watched() -> float | None:
        return (await watch(Seldom(0, 0.0))).growth_per_s

    growth = trio.run(watched, clock=MockClock(autojump_threshold=0))
    assert growth == pytest.approx(GROWTH_PER_S)


class Resumable(Observer):
    """Sees a server that keeps the queue of a client that has gone for ten seconds, and then frees it."""

    def look(self) -> Look:
        now = super().look()
        return now if now.at_s < 10.0 else replace(now, memory_bytes=GROWTH_PER_S)


LONG = LeakWatch(longest_s=31.5)


@pytest.mark.parametrize(
    ("observer", "leak_watch", "seconds", "grows"),
    [
        (Observer(0, 0.0), LONG, 31.5, True),
        (Resumable(0, 0.0), LONG, 11.0, False),
        (Resumable(0, 0.0), LeakWatch(), USUAL_WATCH_MAX_S, True),
        (Observer(0, 0.0), LeakWatch(longest_s=31.5, may_go_on=lambda _: False), USUAL_WATCH_MAX_S, True),
        (Observer(0, 0.0), LeakWatch(longest_s=31.5, leak_per_s=2 * GROWTH_PER_S), USUAL_WATCH_MAX_S, True),
    ],
    ids=["a leak", "a queue that is freed", "watched briefly", "no time is left", "it grew as fast before"],
)
def test_while_memory_grows_as_for_a_leak_the_watch_is_longer(
    observer: Observer, leak_watch: LeakWatch, seconds: float, grows: bool
) -> None:
    async def watched() -> AfterVanish:
        return await watch(observer, leak_watch)

    seen = trio.run(watched, clock=MockClock(autojump_threshold=0))
    assert seen.seconds == pytest.approx(seconds, abs=1.0)
    assert (seen.growth_per_s is not None and seen.growth_per_s > LEAK_MIN_PER_S) is grows
