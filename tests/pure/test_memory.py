"""Whether the server's memory had a bound, which is judged separately from the verdict."""

from typing import Any

import pytest
from msgspec.structs import replace

from stallsim.timeline.timeline import Timeline
from stallsim.verdict.memory import judge_memory

from .builders import header, info, sample, timeline

GROWING: list[dict[str, Any]] = [
    {},
    {"queue_bytes": 100, "queue_messages": 1},
    {"queue_bytes": 200, "queue_messages": 2},
    {"queue_bytes": 300, "queue_messages": 3},
]


@pytest.mark.parametrize(
    ("changes", "bounded", "words"),
    [
        (GROWING, False, "not bounded: one's queue reached 300 bytes in 3 ticks of growth"),
        ([*GROWING, {"dropped_bytes": 100}], True, "bounded: one's queue reached 300 bytes at most"),
        ([*GROWING, {"producer_waits": True}], True, "bounded: one's queue reached 300 bytes"),
        ([*GROWING, {}], False, "not bounded"),
        ([{}, {"outq_bytes": 10**6}], None, "not tested"),
        ([{}, {"queue_bytes": 10, "queue_messages": 1}], None, "not tested"),
        ([], None, "not tested"),
    ],
)
def test_memory(changes: list[dict[str, Any]], bounded: bool | None, words: str) -> None:
    judged, said = judge_memory(timeline(sample(tick, **change) for tick, change in enumerate(changes)))
    assert judged is bounded
    assert said.startswith(words)


def test_a_queue_is_bounded_by_its_own_producer_that_waits() -> None:
    made = Timeline()
    made.append(replace(header(), policy_limits=True))
    for connection, name in enumerate(("keeps-up", "sleeps")):
        made.append(info(connection, name))
        for tick, change in enumerate([*GROWING, {"producer_waits": name == "sleeps"}]):
            made.append(sample(tick, connection=connection, **change))
    assert judge_memory(made) == (True, "bounded: sleeps's queue reached 300 bytes at most")
