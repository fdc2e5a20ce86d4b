"""Guards on real connections: when they act, how the connection ends, and which clients they spare."""

import pytest

from stallsim.kinds import EventKind, Phase
from stallsim.timeline.records import Event, PhaseEvent
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.verdict import judge_run

from .running import run

pytestmark = pytest.mark.loopback
K = EventKind
READER, SLEEPER = 0, 1
PING = ("server.guards.ping-timeout.interval=50ms", "server.guards.ping-timeout.timeout=200ms")
LATER = "server.guards.ping-timeout.timeout=500ms"
CLOSING = "server.guards.ping-timeout.end=close"
TOLD = {K.GUARD_ACTED, K.CLOSE_WANTED, K.CLOSE_RECEIVED, K.ABORTED, K.ENDED, K.SOCKET_GONE}


def story(timeline: Timeline, connection: int) -> list[tuple[int, str]]:
    """How a connection ended, tick by tick."""
    told = []
    for one in timeline.about(connection):
        if isinstance(one, Event) and one.kind in TOLD:
            told.append((one.tick, str(getattr(one.what, "guard", one.kind.value))))
        elif isinstance(one, PhaseEvent) and one.phase in (Phase.RESET, Phase.CLOSED):
            told.append((one.tick, one.phase.value))
    return told


def sound(timeline: Timeline) -> bool:
    return not any("internal error" in reason for reason in judge_run(timeline).reasons)


def first(timeline: Timeline, connection: int, kind: EventKind) -> Event:
    return next(one for one in timeline.about(connection) if isinstance(one, Event) and one.kind is kind)


def test_a_ping_timeout_aborts_the_sleeping_client_and_no_other() -> None:
    timeline = run("sleeping-tab", *PING)
    missing = first(timeline, SLEEPER, K.PONG_MISSING)
    acted = first(timeline, SLEEPER, K.GUARD_ACTED).tick
    assert missing.tick == acted - 40 + 10  # 200 ms after the Ping; the next Ping was 50 ms after it
    assert story(timeline, SLEEPER) == [
        (acted, "ping-timeout"), (acted, "aborted"), (acted, "ended"), (acted, "reset"),
        (acted, "socket-gone"),
    ]  # fmt: skip
    assert [word for _, word in story(timeline, READER)][-3:] == ["ended", "closed", "socket-gone"]
    assert timeline.samples[READER][-1].read_messages == 400
    assert sound(timeline)


def test_a_close_waits_behind_the_queue_until_the_client_wakes() -> None:
    timeline = run("sleeping-tab", *PING, LATER, CLOSING)
    told = story(timeline, SLEEPER)
    assert [word for _, word in told] == [
        "ping-timeout", "close-wanted", "close-received", "ended", "closed", "socket-gone",
    ]  # fmt: skip
    decided, gone = told[1][0], told[-1][0]
    wakes = first(timeline, SLEEPER, K.WAKES).tick
    assert decided < wakes <= gone  # three facts: decided, freed, gone
    held = [one for one in timeline.samples[SLEEPER] if decided < one.tick < wakes]
    assert min(one.queue_bytes for one in held) > 0
    assert len({one.produced_messages for one in held}) == 1  # no new message, and none forgotten
    last = timeline.samples[SLEEPER][-1]
    assert last.read_messages == last.produced_messages
    assert last.missing_messages == 0
    assert sound(timeline)


def test_a_close_timeout_ends_the_close_that_cannot_leave() -> None:
    timeline = run("sleeping-tab", *PING, LATER, CLOSING, "server.guards.close-timeout.after=100ms")
    told = story(timeline, SLEEPER)
    assert [word for _, word in told] == [
        "ping-timeout", "close-wanted", "close-timeout", "aborted", "ended", "reset", "socket-gone",
    ]  # fmt: skip
    assert told[2][0] - told[1][0] == 20
    assert sound(timeline)


def test_a_write_timeout_counts_from_the_last_byte_that_the_kernel_took() -> None:
    timeline = run("stop-reading", "server.guards.write-timeout.after=100ms")
    acted = first(timeline, 0, K.GUARD_ACTED).tick
    accepted = {one.tick: one.accepted_bytes for one in timeline.samples[0]}
    assert accepted[acted - 20] == accepted[acted - 1] > accepted[acted - 21]
    assert sound(timeline)


def test_a_write_timeout_leaves_alone_who_has_nothing_to_be_sent() -> None:
    timeline = run("well-behaved", "server.guards.write-timeout.after=5ms")
    assert K.GUARD_ACTED not in {one.kind for one in timeline.happenings if isinstance(one, Event)}


def test_of_several_guards_the_first_acts() -> None:
    timeline = run("sleeping-tab", *PING, LATER, "server.guards.write-timeout.after=5ms")
    assert story(timeline, SLEEPER)[0][1] == "write-timeout"


def test_a_server_that_closes_waits_for_those_who_read_and_for_those_who_do_not() -> None:
    timeline = run("sleeping-tab", "server.close-tick=200")
    reader, sleeper = story(timeline, READER), story(timeline, SLEEPER)
    assert [word for _, word in reader] == [
        "close-wanted", "close-received", "ended", "closed", "socket-gone",
    ]  # fmt: skip
    assert {tick for tick, _ in reader[:-1]} <= {200, 201}
    assert sleeper[0] == (200, "close-wanted")
    assert sleeper[-1][0] >= first(timeline, SLEEPER, K.WAKES).tick
    assert timeline.samples[READER][-1].produced_messages == 200
    assert sound(timeline)


def test_a_silent_handshake_and_a_slow_one_both_end() -> None:
    timeline = run("stuck-handshake")
    for connection in (1, 2):
        assert [word for _, word in story(timeline, connection)] == [
            "handshake-timeout", "aborted", "ended", "reset", "socket-gone",
        ]  # fmt: skip
        assert {one.produced_bytes for one in timeline.samples[connection]} == {0}
        assert [one.phase for one in timeline.phases(connection)] == [Phase.CONNECTING, Phase.RESET]
    unguarded = run("stuck-handshake", "server.guards.handshake-timeout.after=10s")
    assert story(unguarded, 1)[0] == (unguarded.scenario.ticks, "ended")
