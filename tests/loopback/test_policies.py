"""Every policy and every write mode, when the real kernel refuses bytes."""

import errno
import socket

import pytest

from stallsim.clients import ClientEnd
from stallsim.kinds import EventKind, Phase
from stallsim.profile.expectation import Metric
from stallsim.timeline.records import Event, Record
from stallsim.timeline.sample import Refusal
from stallsim.verdict.expectations import metric
from stallsim.verdict.verdict import judge_run

from .running import run

pytestmark = pytest.mark.loopback
FRAME = 6680


def test_unbounded_keeps_every_message() -> None:
    timeline = run("stop-reading")
    last = timeline.samples[0][-1]
    assert last.queue_bytes == last.produced_bytes - last.accepted_bytes > 700_000
    assert judge_run(timeline).memory_bounded is False


@pytest.mark.parametrize("high_water", [1, FRAME - 1, FRAME, 3 * FRAME, 65_536, 200_000])
def test_backpressure_bounds_the_queue_and_holds_everybody_up(high_water: int) -> None:
    timeline = run(
        "sleeping-tab", "server.policy=backpressure", f"server.backpressure.high-water={high_water}"
    )
    bound = max(high_water, FRAME)  # one message is always let in
    assert 0 < metric(timeline, 1, Metric.QUEUE_BYTES_MAX) <= bound
    assert metric(timeline, 1, Metric.QUEUE_BYTES_MAX) > bound - FRAME
    reader, sleeper = timeline.samples
    held_up = [sample.produced_messages for sample in reader if 250 <= sample.tick < 340]
    assert len(set(held_up)) == 1
    assert reader[-1].produced_messages > held_up[0]
    assert reader[-1].read_messages == reader[-1].produced_messages == sleeper[-1].read_messages
    assert not sleeper[-1].dropped_bytes
    assert Phase.POLICY_ACTED in [event.phase for event in timeline.phases(1)]
    assert judge_run(timeline).memory_bounded is True


@pytest.mark.parametrize(
    ("limit", "bytes_max", "messages_max"),
    [
        ("limit-bytes=100kB", 100_000, 15),
        (f"limit-bytes={FRAME}", FRAME, 1),
        ("limit-messages=7", 7 * FRAME, 7),
        ("limit-messages=1", FRAME, 1),
    ],
)
def test_disconnect_aborts_at_its_limit(
    limit: str, bytes_max: int, messages_max: int, client_ends: list[ClientEnd]
) -> None:
    errors: list[int] = []

    def on_record(record: Record) -> None:
        if isinstance(record, Event) and record.kind is EventKind.ENDED:
            (end,) = client_ends
            errors.append(end.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

    timeline = run(
        "stop-reading", "server.policy=disconnect", f"server.disconnect.{limit}", on_record=on_record
    )
    assert metric(timeline, 0, Metric.QUEUE_BYTES_MAX) <= bytes_max
    assert metric(timeline, 0, Metric.QUEUE_MESSAGES_MAX) <= messages_max
    assert errors == [errno.ECONNRESET]
    names = [one.kind for one in timeline.happenings if isinstance(one, Event)]
    assert names[-3:] == [EventKind.ABORTED, EventKind.ENDED, EventKind.SOCKET_GONE]
    assert [event.phase for event in timeline.phases(0)][-1] is Phase.RESET
    last = timeline.samples[0][-1]
    assert last.tick < 199
    assert last.dropped_bytes == FRAME
    assert not any("internal error" in reason for reason in judge_run(timeline).reasons)


def test_a_limit_below_one_frame_lets_nothing_in() -> None:
    timeline = run("stop-reading", "server.policy=disconnect", "server.disconnect.limit-bytes=1")
    last = timeline.samples[0][-1]
    assert (last.tick, last.produced_bytes, last.dropped_bytes) == (0, FRAME, FRAME)
    assert metric(timeline, 0, Metric.QUEUE_BYTES_MAX) == 0


def test_disconnect_spares_those_who_read() -> None:
    timeline = run("sleeping-tab", "server.policy=disconnect", "server.disconnect.limit-bytes=64KiB")
    assert [event.phase for event in timeline.phases(1)][-1] is Phase.RESET
    assert metric(timeline, 0, Metric.READ_MESSAGES) == 400


def test_when_writable_stops_at_a_lower_fill() -> None:
    refused = run("stop-reading", "server.write=until-refused")
    writable = run("stop-reading", "server.write=when-writable")
    assert refused.samples[0][-1].refusal is Refusal.EAGAIN
    assert writable.samples[0][-1].refusal is Refusal.NOT_WRITABLE
    fills = [metric(one, 0, Metric.OUTQ_BYTES_MAX) for one in (writable, refused)]
    assert fills[0] < 0.8 * fills[1]
    ends = [one.samples[0][-1] for one in (writable, refused)]
    charged = [end.wmem_queued_bytes / end.sndbuf_bytes for end in ends]
    assert 0.6 < charged[0] < 0.75  # epoll offers a write while at most 2/3 is charged
    assert charged[1] >= 1.0


@pytest.mark.parametrize("write", ["until-refused", "when-writable"])
def test_notsent_lowat_keeps_the_send_queue_short(write: str) -> None:
    free = run("stop-reading", f"server.write={write}")
    low = run("stop-reading", f"server.write={write}", "server.guards.notsent-lowat.limit=16KiB")
    notsent = low.samples[0][-1].notsent_bytes
    assert 8 * 1024 <= notsent <= 64 * 1024  # the kernel asks at each new buffer of up to 64 KiB
    assert free.samples[0][-1].notsent_bytes > 3 * notsent
