"""Servers and clients of every kind are watched: each gets its word, and no reader is called stalled."""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import trio

from stallsim.kernel import black_hole
from stallsim.kernel.diag_socket import DiagSocket
from stallsim.kinds import Word
from stallsim.watching.servers import FoundServers, find_servers
from stallsim.watching.sources.diag import DiagSource
from stallsim.watching.watch import Watch

from .watch_scenarios import SCENARIOS, TROUBLE, station

pytestmark = [pytest.mark.loopback, pytest.mark.slow, pytest.mark.realtime]
NAMES = [name for name, one in SCENARIOS.items() if not one.black_hole or black_hole.permitted()]


class FarAway(DiagSource):
    """As if every peer were on another machine: its end cannot be read."""

    def peer(self, end: DiagSocket) -> DiagSocket | None:
        return None


async def watched(at_s: list[float], after_s: float, *, near: bool = True, every_s: float = 0.5) -> int:
    """The words at three moments must be those that fit; at every look, of the healthy: never stalled.

    How many readings of healthy peers there were.
    """
    healthy = 0
    wrong: list[str] = []
    said: dict[str, dict[float, Word]] = defaultdict(dict)
    names = [name for name in NAMES if near or not SCENARIOS[name].needs_peer]
    async with station(names, churn=True) as made:
        watch = Watch(_found(made.port, near=near), after_s)
        began_s = trio.current_time()
        moments = iter(at_s)
        moment = next(moments)
        while True:
            at = trio.current_time() - began_s
            snapshot = await trio.to_thread.run_sync(watch.look)
            for one in snapshot.connections:
                name, word = made.names.get(int(one.peer.rpartition(":")[2])), Word(one.word)
                if name is None:
                    if word in TROUBLE:
                        wrong.append(f"churn: {word.value} at {at:.1f} s: {one.why}")
                    continue
                healthy += SCENARIOS[name].healthy
                if word is Word.STALLED and SCENARIOS[name].healthy:
                    wrong.append(f"{name}: stalled at {at:.1f} s: {one.why}")
                if at >= moment:
                    said[name][moment] = word
                    if word not in SCENARIOS[name].words[at_s.index(moment)]:
                        wrong.append(f"{name}: {word.value} at {at:.1f} s, {one.for_s} s: {one.why}")
            if at >= moment:
                if moment == at_s[-1]:
                    break
                moment = next(moments)
            now_s = trio.current_time() - began_s
            await trio.sleep(max(0.0, min(every_s, moment - now_s)))
        watch.close()
    assert made.churned > 10
    assert [name for name in names if len(said[name]) < len(at_s)] == [], "a connection was not seen"
    assert not wrong, "\n".join(wrong)
    return healthy


def _found(port: int, *, near: bool) -> FoundServers:
    found = find_servers(f":{port}")
    if near:
        return found
    assert isinstance(found.source, DiagSource)
    return found._replace(source=FarAway(found.source._asked))


async def test_each_has_its_word_soon_later_and_late() -> None:
    """With --after 3 s, so that it does not take long."""
    await watched([1.6, 3.2, 7.0], 3.4)


@pytest.mark.nightly
async def test_each_has_its_word_at_1_5_and_13_seconds() -> None:
    await watched([1.0, 5.0, 13.0], 10.0)


@pytest.mark.nightly
async def test_each_has_its_word_where_peers_are_far_away() -> None:
    await watched([1.0, 5.0, 13.0], 10.0, near=False, every_s=2.0)


@pytest.mark.nightly
@pytest.mark.alone
async def test_in_1000_readings_of_healthy_peers_none_is_called_stalled_on_a_busy_machine() -> None:
    with every_core_busy():
        assert await watched([1.0, 5.0, 30.0], 10.0, every_s=0.25) >= 1_000


@contextmanager
def every_core_busy() -> Iterator[None]:
    spinning = [sys.executable, "-c", "while True: pass"]
    with ExitStack() as stack:
        for _ in range(os.cpu_count() or 1):
            stack.callback(stack.enter_context(subprocess.Popen(spinning)).kill)
        yield
