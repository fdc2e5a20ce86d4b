"""How the growth of a server's memory before a stall is measured, on trio's test clock."""

from collections.abc import Callable
from typing import cast

import pytest
import trio
from trio.testing import MockClock

from stallsim.probing.client.message_log import MessageLog
from stallsim.probing.client.stream_client import StreamClient
from stallsim.probing.observe.observer import StallObserver
from stallsim.probing.trial.baseline import MEMORY_S, take_baseline
from stallsim.timeline.outside import Look
from stallsim.timeline.probed.stall_record import Baseline

RATE, MESSAGE = 3_000_000, 1000


class Server:
    """Sends a steady stream; ``memory`` is its memory after so many seconds."""

    def __init__(self, memory: Callable[[float], float]) -> None:
        self._memory = memory
        self.log, self.ended = MessageLog(), None

    def begin(self) -> None:
        pass

    def look(self) -> Look:
        now_s = trio.current_time()
        while self.log.payload_bytes < RATE * now_s:
            self.log.add([b"x" * MESSAGE])
        return Look(
            at_s=now_s,
            witness_bytes=round(RATE * now_s),
            witness_idle_s=0.0,
            received_bytes=round(RATE * now_s),
            rcvq_bytes=0,
            outq_bytes=0,
            memory_bytes=round(self._memory(now_s)),
        )


@pytest.mark.parametrize(
    ("memory", "for_memory", "seconds", "memory_per_s"),
    [
        (lambda at_s: 30e6 + RATE * at_s, True, MEMORY_S, RATE),
        (lambda at_s: 30e6 + min(2e6, 10e6 * at_s), True, MEMORY_S, 0.0),
        (lambda _: 30e6, True, 0.3, 0.0),
        (lambda at_s: 30e6 + RATE * at_s, False, 0.3, RATE),
    ],
    ids=["a log of all messages", "the first clients", "it does not grow", "another stall"],
)
def test_memory_that_grows_before_the_stall_is_watched_for_longer(
    memory: Callable[[float], float], for_memory: bool, seconds: float, memory_per_s: float
) -> None:
    async def baseline() -> Baseline:
        server = Server(memory)
        return await take_baseline(
            cast(StallObserver, server),
            cast(StreamClient, server),
            lambda *_: None,
            exactly_s=None,
            needed=True,
            for_memory=for_memory,
        )

    taken = trio.run(baseline, clock=MockClock(autojump_threshold=0))
    assert taken.seconds == pytest.approx(seconds, abs=0.1)
    assert taken.memory_per_s == pytest.approx(memory_per_s, rel=0.02, abs=1000)
