"""For how long the stream is watched if no client is stalled, on trio's test clock."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
import trio
from msgspec.structs import replace
from trio.testing import MockClock

from stallsim.errors import EnvironmentUnfit
from stallsim.probing.client.message_log import MessageLog
from stallsim.probing.trial import unstalled
from stallsim.probing.trial.joining import Joining
from stallsim.probing.trial.unstalled import Doubt, watch_unstalled
from stallsim.timeline.probed.stall_record import Unstalled

from ..pure.observations import RATE, sample

PAUSE_S = 1.2
DOUBT = Doubt(pause_s=0.8, watch_s=15.0)


class Observer:
    """Sees a stream that pauses at some moments, and ends at another."""

    witness_waits = False

    def __init__(self, pauses_at: tuple[float, ...], ends_s: float) -> None:
        self._pauses_at, self._ends_s, self._began_s = pauses_at, ends_s, 0.0

    def begin(self) -> None:
        self._began_s = trio.current_time()

    @property
    def at_s(self) -> float:
        return trio.current_time() - self._began_s

    def look(self) -> Any:
        now_s = trio.current_time()
        begun = [begin_s for begin_s in (*self._pauses_at, self._ends_s) if begin_s <= now_s]
        lasts = [PAUSE_S if begin_s < self._ends_s else 1e9 for begin_s in begun]
        silent = [min(now_s - begin_s, last_s) for begin_s, last_s in zip(begun, lasts, strict=True)]
        idle = [one for one, last_s in zip(silent, lasts, strict=True) if one < last_s]
        given = round((now_s - sum(silent)) * RATE)
        return replace(sample(self.at_s), witness_bytes=given, witness_idle_s=max(idle, default=0.004))


def watched(
    monkeypatch: pytest.MonkeyPatch, *pauses_at: float, ends_s: float = 1e6, late_s: float = 1e6
) -> tuple[Unstalled | None, float]:
    """What was watched, and for how many seconds; ``late_s``: when the time for the probe is up."""

    @asynccontextmanager
    async def joined(*_: object, **__: object) -> AsyncIterator[Any]:
        log = MessageLog()
        log.add([b"x"])
        observer = Observer(pauses_at, ends_s)
        yield SimpleNamespace(client=SimpleNamespace(ended=None, log=log), observe_alone=lambda: observer)

    monkeypatch.setattr(unstalled, "join_witness", joined)
    return run(lambda: trio.current_time() >= late_s)


def run(time_is_up: Callable[[], bool]) -> tuple[Unstalled | None, float]:
    async def watch() -> tuple[Unstalled | None, float]:
        began_s = trio.current_time()
        seen = await watch_unstalled(cast(Joining, None), cast(Any, None), DOUBT, time_is_up)
        return seen, trio.current_time() - began_s

    return trio.run(watch, clock=MockClock(autojump_threshold=0))


def test_a_stream_without_a_pause_is_watched_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, _ = watched(monkeypatch)
    assert seen is not None
    assert seen.seconds == pytest.approx(15.0, abs=0.1)
    assert seen.gap_s < 0.1
    assert seen.bytes_per_s == pytest.approx(RATE, rel=0.01)


def test_the_watch_is_over_when_a_pause_has_been_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, seconds = watched(monkeypatch, 6.0, 9.0)
    assert seen is not None
    assert seen.gap_s == pytest.approx(PAUSE_S, abs=0.05)
    assert seconds == pytest.approx(6.0 + PAUSE_S, abs=0.1)
    assert seen.bytes_per_s == pytest.approx(RATE, rel=0.02), "the pause is no part of the usual rate"


def test_a_pause_right_after_the_end_of_the_stalled_client_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen, _ = watched(monkeypatch, 0.3)
    assert seen is not None
    assert seen.gap_s < PAUSE_S / 2


def test_a_silence_that_does_not_end_is_no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server may serve nobody any more because of the stall."""
    seen, _ = watched(monkeypatch, ends_s=5.0)
    assert seen is not None
    assert (seen.seconds < 5.0, seen.gap_s < 0.1) == (True, True)
    nothing, _ = watched(monkeypatch, ends_s=0.1)
    assert nothing is None


def test_no_longer_is_watched_than_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watched(monkeypatch, late_s=4.0)[1] == pytest.approx(4.0, abs=0.1)


def test_without_a_place_for_one_more_client_there_is_no_control(monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def refused(*_: object, **__: object) -> AsyncIterator[None]:
        raise EnvironmentUnfit("two clients at a time")
        yield

    monkeypatch.setattr(unstalled, "join_witness", refused)
    assert run(lambda: False)[0] is None
