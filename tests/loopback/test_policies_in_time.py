"""A client misses exactly what the policy drops, and a policy cuts at its time, with the real kernel."""

import pytest

from stallsim.kinds import Phase
from stallsim.profile.expectation import Metric
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.expectations import metric
from stallsim.verdict.verdict import judge_run

from .running import result, run

pytestmark = pytest.mark.loopback
FRAME = 6680
READER, SLEEPER = 0, 1


def sleep(policy: str, *options: str, also: tuple[str, ...] = ()) -> Timeline:
    """A tab that sleeps from tick 40 to 340, under that policy."""
    settings = [f"server.{policy}.{option}" for option in options]
    timeline = run("sleeping-tab", f"server.policy={policy}", *settings, *also)
    verdict = judge_run(timeline)
    assert not any("internal error" in reason for reason in verdict.reasons)
    assert verdict.memory_bounded is True
    assert metric(timeline, READER, Metric.READ_MESSAGES) == 400
    return timeline


@pytest.mark.parametrize("write", ["until-refused", "when-writable"])
@pytest.mark.parametrize(
    ("policy", "options", "messages_max", "evicts"),
    [
        ("drop-oldest", ["limit-bytes=256KiB"], 40, True),
        ("drop-oldest", ["limit-messages=3"], 3, True),
        ("drop-newest", ["limit-bytes=256KiB"], 40, False),
        ("drop-newest", ["limit-messages=1"], 1, False),
        ("conflate", [], 11, True),
        ("deadline", ["after=200ms", "then=drop"], 42, True),
    ],
)
def test_what_is_dropped_is_what_is_missed(
    policy: str, options: list[str], messages_max: int, evicts: bool, write: str
) -> None:
    timeline = sleep(policy, *options, also=(f"server.write={write}", "stream.keys=10"))
    last = timeline.samples[SLEEPER][-1]
    assert last.missing_messages == last.dropped_messages > 150
    assert last.evicted_messages == (last.dropped_messages if evicts else 0)
    assert last.read_messages + last.missing_messages == last.produced_messages == 400
    assert metric(timeline, SLEEPER, Metric.QUEUE_MESSAGES_MAX) in (messages_max - 1, messages_max)
    assert metric(timeline, SLEEPER, Metric.QUEUE_BYTES_MAX) <= messages_max * FRAME
    phases = [event.phase for event in timeline.phases(SLEEPER)]
    at = phases.index(Phase.POLICY_ACTED)
    assert phases[at:] == [Phase.POLICY_ACTED, Phase.DRAINING, Phase.RECOVERED, Phase.CLOSED]


def test_oldest_or_newest_is_where_the_gap_is() -> None:
    """A client that drains slowly comes to it before, or behind, what was queued in between."""
    slowly = ("clients.sleeper.drain-rate=10MB/s",)
    gaps = []
    for policy in ("drop-oldest", "drop-newest"):
        timeline = sleep(policy, "limit-bytes=256KiB", also=slowly)
        gaps.append(next(one for one in timeline.samples[SLEEPER] if one.missing_messages))
    oldest, newest = gaps
    assert newest.read_messages > oldest.read_messages + 20


def test_a_client_with_its_own_producer_loses_nothing() -> None:
    timeline = run("sleeping-tab", "server.policy=backpressure-each")
    assert metric(timeline, READER, Metric.READ_MESSAGES) == timeline.scenario.ticks
    last = timeline.samples[SLEEPER][-1]
    assert (last.missing_messages, last.dropped_messages) == (0, 0)
    assert last.read_messages == last.produced_messages
    assert metric(timeline, SLEEPER, Metric.QUEUE_BYTES_MAX) <= 64 * 1024
    assert judge_run(timeline).memory_bounded is True
    assert Phase.POLICY_ACTED in [event.phase for event in timeline.phases(SLEEPER)]


def test_the_deadline_of_a_started_message_is_to_the_tick() -> None:
    timeline = sleep("deadline", "after=200ms")
    last = timeline.samples[SLEEPER][-1]
    oldest_unsent = last.accepted_bytes // FRAME  # one message a tick, so this is when it was made
    assert last.accepted_bytes % FRAME, "it has been started"
    assert last.tick == oldest_unsent + 41  # of 5 ms: the first at which it is older than 200 ms
    assert [event.phase for event in timeline.phases(SLEEPER)][-1] is Phase.RESET
    assert (last.dropped_messages, last.evicted_messages) == (1, 0)


@pytest.mark.parametrize("ticks", [20, 60])
def test_a_soft_limit_cuts_after_its_time(ticks: int) -> None:
    soft = 64 * 1024
    options = (f"soft-limit-bytes={soft}", f"soft-time={5 * ticks}ms")
    timeline = sleep("disconnect", *options)
    series = timeline.samples[SLEEPER]
    over = next(sample for sample in series if sample.queue_bytes > soft)
    assert series[-1].tick == over.tick + ticks + 1
    assert [event.phase for event in timeline.phases(SLEEPER)][-1] is Phase.RESET


def test_a_stall_shorter_than_the_soft_time_is_let_pass() -> None:
    options = ("soft-limit-bytes=64KiB", "soft-time=1200ms", "limit-bytes=4MiB")
    timeline = run(
        "sleeping-tab", "server.policy=disconnect", *[f"server.disconnect.{one}" for one in options]
    )
    last = timeline.samples[SLEEPER][-1]
    assert (last.read_messages, last.dropped_messages) == (400, 0)
    assert Phase.RECOVERED in [event.phase for event in timeline.phases(SLEEPER)]


def test_a_key_that_does_not_fit_ends_the_connection() -> None:
    timeline = sleep("conflate", "limit-bytes=50kB", also=("stream.keys=10",))
    last = timeline.samples[SLEEPER][-1]
    assert (last.dropped_messages, last.evicted_messages) == (1, 0)
    assert metric(timeline, SLEEPER, Metric.QUEUE_BYTES_MAX) <= 50_000
    assert [event.phase for event in timeline.phases(SLEEPER)][-1] is Phase.RESET


def test_the_command_line_names_what_bounded_the_queue() -> None:
    told = result(
        "run", "sleeping-tab", "--set", "server.policy=drop-oldest",
        "--set", "server.drop-oldest.limit-bytes=256KiB",
    )  # fmt: skip
    assert told["memory_bounded"] is True
    assert told["memory"] == "bounded: sleeper's queue reached 259,808 bytes at most"


@pytest.mark.parametrize("policy", ["drop-oldest", "drop-newest"])
def test_dropping_for_a_slow_reader_is_one_phase_and_not_hundreds(policy: str) -> None:
    slow = ("clients.sleeper.drain-rate=1MB/s", f"server.{policy}.limit-bytes=200kB")
    timeline = run("sleeping-tab", f"server.policy={policy}", *slow)
    phases = [event.phase for event in timeline.phases(SLEEPER)]
    assert phases.count(Phase.POLICY_ACTED) <= 2
