"""``[[expect]]``: every metric with every bound, phases in order, and names that must not occur."""

from typing import Any

import pytest

from stallsim.profile.expectation import OVER_BASELINE, PER_CYCLE, Expectation, Metric
from stallsim.verdict.verdict import VerdictKind, judge_run

from .builders import sample, scenario, timeline

METRICS: list[tuple[Metric, dict[str, Any], dict[str, Any], int]] = [
    # the metric, two samples, and what it is of them
    (Metric.QUEUE_BYTES_MAX, {"queue_bytes": 7}, {"queue_bytes": 5}, 7),
    (Metric.QUEUE_MESSAGES_MAX, {"queue_messages": 7}, {"queue_messages": 5}, 7),
    (Metric.QUEUE_CAPACITY_BYTES_MAX, {"queue_capacity_bytes": 7}, {"queue_capacity_bytes": 5}, 7),
    (Metric.PENDING_BYTES_MAX, {"pending_bytes": 7}, {"pending_bytes": 5}, 7),
    (Metric.QUEUE_BYTES_END, {"queue_bytes": 7}, {"queue_bytes": 5}, 5),
    (Metric.HELD_BYTES_MAX, {"held_bytes": 7}, {"held_bytes": 5}, 7),
    (Metric.OUTQ_BYTES_MAX, {"outq_bytes": 7}, {"outq_bytes": 5}, 7),
    (Metric.RCVQ_BYTES_MAX, {"rcvq_bytes": 7}, {"rcvq_bytes": 5}, 7),
    (Metric.PRODUCED_MESSAGES, {"produced_messages": 5}, {"produced_messages": 7}, 7),
    (Metric.READ_BYTES, {"read_bytes": 5}, {"read_bytes": 7}, 7),
    (Metric.READ_MESSAGES, {"read_messages": 5}, {"read_messages": 7}, 7),
    (Metric.DROPPED_BYTES, {"dropped_bytes": 5}, {"dropped_bytes": 7}, 7),
    (Metric.DISCARDED_BYTES, {"discarded_bytes": 5}, {"discarded_bytes": 7}, 7),
    (Metric.MISSING_MESSAGES, {"missing_messages": 5}, {"missing_messages": 7}, 7),
    (Metric.TOTAL_QUEUE_BYTES_MAX, {"queue_bytes": 7}, {"queue_bytes": 5}, 7),
]


def outcome(expectation: Expectation, *changes: dict[str, Any]) -> tuple[VerdictKind, list[str]]:
    samples = [sample(tick, settled=False, **change) for tick, change in enumerate(changes)]
    verdict = judge_run(timeline(samples, of=scenario(expectation)))
    return verdict.outcome, verdict.reasons


def test_every_metric_is_here() -> None:
    assert {metric for metric, *_ in METRICS} == set(Metric) - PER_CYCLE - OVER_BASELINE


@pytest.mark.parametrize(("metric", "first", "last", "value"), METRICS, ids=[m.value for m, *_ in METRICS])
def test_a_metric(metric: Metric, first: dict[str, Any], last: dict[str, Any], value: int) -> None:
    tried: tuple[tuple[dict[str, Any], bool], ...] = (
        ({"equals": value}, True), ({"equals": value - 1}, False), ({"equals": value + 1}, False),
        ({"min": value}, True), ({"min": value + 1}, False), ({"min": 0}, True),
        ({"max": value}, True), ({"max": value - 1}, False), ({"max": 0}, False),
        ({"min": value, "max": value}, True), ({"min": value + 1, "max": value + 2}, False),
    )  # fmt: skip
    for bounds, passes in tried:
        how, (reason,) = outcome(Expectation(metric=metric, **bounds), first, last)
        assert how is (VerdictKind.PASS if passes else VerdictKind.FAIL), bounds
        assert metric.value in reason
        assert passes or f"is {value}, expected" in reason


@pytest.mark.parametrize(
    ("phases", "passes"),
    [
        (["flowing"], True),
        (["flowing", "receiver-filling", "recovered"], True),
        (["flowing", "recovered"], True),
        (["receiver-filling", "stalled"], True),
        (["recovered", "receiver-filling"], False),
        (["flowing", "flowing"], False),
        (["write-blocked"], False),
    ],
)
def test_phases_and_events_in_order(phases: list[str], passes: bool) -> None:
    some, more = ({"rcvq_bytes": size, "received_bytes": size} for size in (9, 18))
    read = {"read_bytes": 18, "received_bytes": 18}
    how, (reason,) = outcome(Expectation(phases=phases), {}, some, more, read)
    assert how is (VerdictKind.PASS if passes else VerdictKind.FAIL)
    assert " > ".join(phases) in reason
    assert passes or "observed flowing > receiver-filling > stalled > recovered" in reason


@pytest.mark.parametrize(
    ("never", "passes"), [("write-blocked", True), ("stalled", False), ("flowing", False)]
)
def test_never(never: str, passes: bool) -> None:
    how, (reason,) = outcome(Expectation(never=[never]), {}, {"rcvq_bytes": 9}, {"rcvq_bytes": 18})
    assert how is (VerdictKind.PASS if passes else VerdictKind.FAIL)
    assert reason == (f"every client: never {never}" if passes
                      else f"one (connection 0): {never} must not occur, but it occurred")  # fmt: skip


def test_an_expectation_of_another_client_is_not_held_against_this_one() -> None:
    expectation = Expectation(client="two", never=["flowing"])
    of = scenario(expectation, clients=("one", "two"))
    assert judge_run(timeline([sample()], of=of)).outcome is VerdictKind.PASS


def test_every_failure_is_reported() -> None:
    expectation = Expectation(phases=["closed"], never=["flowing"], metric=Metric.READ_BYTES, min=1)
    how, reasons = outcome(expectation, {})
    assert how is VerdictKind.FAIL
    assert [reason.partition(": ")[2].split()[0] for reason in reasons] == [
        "expected",
        "flowing",
        "read-bytes",
    ]
