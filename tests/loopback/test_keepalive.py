"""The server's Pings over the kernel are due in scenario time and answered in the stream's order."""

from itertools import pairwise

import pytest
from msgspec.structs import asdict

from stallsim.kinds import EventKind
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.records import Event
from stallsim.timeline.timeline import Timeline

from .running import run

pytestmark = pytest.mark.loopback
PING_EVERY = "server.ping-interval=50ms"
PING_TICKS = 10


def told(timeline: Timeline, kind: EventKind) -> list[Event]:
    return [one for one in timeline.happenings if isinstance(one, Event) and one.kind is kind]


def test_pings_are_sent_at_the_ticks_at_which_they_are_due() -> None:
    timeline = run("well-behaved", PING_EVERY)
    ticks = [
        now.tick
        for before, now in pairwise(timeline.samples[0])
        if now.tick < timeline.last_tick and now.control_bytes > before.control_bytes
    ]
    assert ticks == list(range(PING_TICKS, 200, PING_TICKS))


def test_who_keeps_up_answers_in_time() -> None:
    timeline = run("well-behaved", PING_EVERY)
    assert told(timeline, EventKind.PONG_MISSING) == told(timeline, EventKind.PONG_LATE) == []


def test_the_pongs_of_a_sleeping_client_are_missing_and_then_late() -> None:
    timeline = run("sleeping-tab", PING_EVERY)
    (missing,), (late,) = (told(timeline, kind) for kind in (EventKind.PONG_MISSING, EventKind.PONG_LATE))
    assert missing.connection == late.connection == 1
    (wakes,) = told(timeline, EventKind.WAKES)
    assert missing.tick < wakes.tick <= late.tick
    waited_ticks = float(asdict(late.what)["after_s"]) / 0.005
    assert waited_ticks == pytest.approx(round(waited_ticks))
    assert late.tick - missing.tick <= waited_ticks + 2 * PING_TICKS


@pytest.mark.slow
def test_pings_are_as_repeatable_as_all_else() -> None:
    first, second = (run("sleeping-tab", PING_EVERY) for _ in range(2))
    assert make_ledger(first).digest == make_ledger(second).digest
    assert [one for one in first.happenings if isinstance(one, Event)] == [
        one for one in second.happenings if isinstance(one, Event)
    ]


def test_any_number_of_pings_may_wait_for_a_sleeping_client() -> None:
    """More than one ``sendmsg`` takes (IOV_MAX, 1,024): they go out, and what is behind them too."""
    often = ("server.ping-interval=5ms", "ticks=1500", "clients.hung.resume-tick=1400")
    timeline = run("stop-reading", *often)
    last = timeline.samples[0][-1]
    assert last.control_bytes > 4 * 1400
    assert last.read_messages == last.produced_messages == 1500
