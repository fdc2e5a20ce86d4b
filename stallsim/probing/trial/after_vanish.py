"""Watches, after the stalled client's end, whether memory still grows and the witness's stream goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

import trio

from ...timeline.outside import Look
from ..client.connection import ClientConnection
from ..observe.observer import LOOK_S, StallObserver
from ..observe.silence import withheld_between
from ..observe.slope import slope
from ..observe.step import RecordLook, Step
from .leak_watch import LEAK_MIN_PER_S, USUAL_WATCH_MAX_S, LeakWatch

_WATCH_S = 1.5
"""Seconds for which memory is watched at least; the watch is longer only while memory grows."""
_RECENT_S = 1.0
"""Memory must also have grown in these last seconds, or it may be the saw-tooth of a garbage collector."""
_UNREAD_BYTES = 2**19
"""If the witness has this many unread bytes, this program reads too slowly, and the server's memory may
grow for the witness. Only readings after that count.
"""
_SOME_UNREAD_BYTES = 2**15
"""Unread bytes that had come before the previous look. A witness that has them at most looks never catches
up: its receive buffer is full again and again, and the rest waits in the server.
"""
_MOSTLY = 0.5
"""The share of looks that counts as most of them."""


@dataclass(frozen=True)
class AfterVanish:
    """What was observed after the client's end. None: it could not be observed."""

    seconds: float = 0.0
    growth_per_s: float | None = None
    witness_per_s: float | None = None
    withheld_s: float | None = None


async def watch_vanished(
    connection: ClientConnection, observer: StallObserver, record_look: RecordLook, leak_watch: LeakWatch
) -> AfterVanish:
    """End the connection with RST, and watch the server for some seconds."""
    connection.abort()
    began_s = trio.current_time()
    before = now = observer.look()
    memory: list[tuple[float, float]] = []
    unread: list[int] = []
    behind_s = 0.0
    while True:
        since_s = trio.current_time() - began_s
        recent = _growth(memory, since_s - _RECENT_S)
        if since_s < USUAL_WATCH_MAX_S:
            goes_on = since_s < behind_s + _WATCH_S or (bool(memory) and _growing(recent))
        else:
            growth_per_s = _growth(memory, behind_s) if recent is None else recent
            leaks = (growth_per_s or 0.0) > leak_watch.leak_per_s and not never_catches_up(unread)
            goes_on = leaks and since_s < leak_watch.longest_s and leak_watch.may_go_on(now)
        if not goes_on:
            break
        await trio.sleep(LOOK_S)
        last, now = now, observer.look()
        record_look(Step.GONE, now, 0.0)
        unread.append(unread_of_before(last, now))
        if now.witness_rcvq_bytes >= _UNREAD_BYTES:
            behind_s = since_s
            memory.clear()
        elif now.memory_bytes is not None:
            memory.append((since_s, now.memory_bytes))
    growth = [_growth(memory, after_s) for after_s in (behind_s + _RECENT_S / 2, since_s - _RECENT_S)]
    known = [] if never_catches_up(unread) else [one for one in growth if one is not None]
    return AfterVanish(
        seconds=since_s,
        growth_per_s=min(known) if known and since_s - behind_s >= _RECENT_S else None,
        witness_per_s=(now.witness_bytes - before.witness_bytes) / since_s,
        withheld_s=withheld_between(before, now),
    )


def unread_of_before(last: Look, now: Look) -> int:
    """Unread bytes that had come before the last look. Newer ones do not count, since on a busy machine
    looks are far apart, and many bytes come between them.
    """
    return max(0, now.witness_rcvq_bytes - (now.witness_bytes - last.witness_bytes))


def never_catches_up(unread: Sequence[int]) -> bool:
    """Whether the witness had old unread bytes at most looks, so that memory may have grown for it."""
    return sum(1 for one in unread if one >= _SOME_UNREAD_BYTES) > _MOSTLY * len(unread)


def _growth(memory: Sequence[tuple[float, float]], after_s: float) -> float | None:
    """Growth in bytes per second; None if there are too few readings, as on a busy machine."""
    return slope([reading for reading in memory if reading[0] > after_s])


def _growing(per_s: float | None) -> bool:
    """Whether memory may still grow, so that the watch goes on; an unknown rate counts as growth."""
    return per_s is None or per_s > LEAK_MIN_PER_S
