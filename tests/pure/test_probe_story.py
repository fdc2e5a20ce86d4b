"""The phases and events of a stalled client, from samples made by hand."""

from typing import Any

import pytest
from msgspec.structs import replace

from stallsim.kinds import EventKind, Phase
from stallsim.probing.observe.step import Step
from stallsim.probing.recording.header import names_of
from stallsim.probing.recording.phases import PhaseTracker
from stallsim.probing.stalls import find_stall
from stallsim.timeline.records import Event, Happening, PhaseEvent
from stallsim.timeline.sample import Refusal

from .builders import sample

READING: dict[str, Any] = {"read_bytes": 5000, "received_bytes": 5000, "accepted_bytes": 5000}
FULL: dict[str, Any] = READING | {
    "received_bytes": 8000, "rcvq_bytes": 3000, "snd_wnd_bytes": 500, "outq_bytes": 90_000,
    "notsent_bytes": 90_000,
    "accepted_bytes": 98_000, "queue_bytes": 70_000, "refusal": Refusal.INFERRED,
}  # fmt: skip


def told(stall: str, *looks: tuple[Step, dict[str, Any]]) -> list[Happening]:
    story = PhaseTracker(find_stall(stall))
    return [
        happening
        for tick, (stage, fields) in enumerate(looks)
        for happening in story.happenings(stage, replace(sample(tick), settled=False, **fields))
    ]


def names(happenings: list[Happening]) -> list[str]:
    return [one.phase.value if isinstance(one, PhaseEvent) else one.kind.value for one in happenings]


FILLING = READING | {"received_bytes": 8000, "rcvq_bytes": 3000, "accepted_bytes": 8000}
QUEUING = FILLING | {
    "snd_wnd_bytes": 500,
    "outq_bytes": 40_000,
    "notsent_bytes": 40_000,
    "accepted_bytes": 48_000,
}
FILLS: list[tuple[Step, dict[str, Any]]] = [
    (Step.BASELINE, READING),
    (Step.STALLS, READING),
    (Step.STALLS, FILLING),
    (Step.STALLS, QUEUING),
    (Step.FULL, FULL),
]


def test_a_stall_from_the_baseline_to_the_wake() -> None:
    looks = [*FILLS, (Step.WAKES, FULL), (Step.WAKES, READING), (Step.CAUGHT_UP, READING)]
    assert names(told("stop-reading", *looks)) == [
        "flowing", "stops-reading", "receiver-filling", "stalled", "sender-filling", "write-blocked",
        "wakes", "draining", "recovered",
    ]  # fmt: skip


def test_a_write_that_was_blocked_too_early_is_taken_back() -> None:
    more = QUEUING | {"outq_bytes": 80_000, "notsent_bytes": 80_000, "accepted_bytes": 88_000}
    looks = [*FILLS, (Step.STALLS, more), (Step.STALLS, more), (Step.FULL, FULL)]
    assert names(told("stop-reading", *looks))[-4:] == [
        "sender-filling", "write-blocked", "sender-filling", "write-blocked",
    ]  # fmt: skip


def test_nothing_is_said_of_what_the_server_does_inside() -> None:
    grows = [(Step.FULL, FULL | {"queue_bytes": 70_000 + more}) for more in range(0, 90_000, 10_000)]
    assert not {"userspace-growth", "policy-acted"} & set(names(told("stop-reading", *FILLS, *grows)))


@pytest.mark.parametrize(
    ("stall", "kind"),
    [
        ("stop-reading", EventKind.STOPS_READING),
        ("sleeping-tab", EventKind.SLEEPS),
        ("zero-window", EventKind.STOPS_READING),
        ("slow-reader", EventKind.READS_SLOWLY),
        ("vanishing", EventKind.STOPS_READING),
        ("no-pong", EventKind.ANSWERS_NO_PING),
    ],
)
def test_each_stall_says_once_what_it_is_about_to_do(stall: str, kind: EventKind) -> None:
    intentions = [one for one in told(stall, *FILLS) if isinstance(one, Event)]
    assert intentions[0].kind is kind
    assert [one.kind for one in intentions].count(kind) == 1


def test_who_reads_everything_is_never_called_stalled() -> None:
    assert "stalled" not in names(told("no-pong", *FILLS))


def test_one_look_alone_confirms_no_stall() -> None:
    """It may only have caught the client before its turn."""
    calm = (Step.STALLS, READING)
    filling = (Step.STALLS, READING | {"rcvq_bytes": 1300, "received_bytes": 6300})
    assert "stalled" not in names(told("stop-reading", calm, filling, calm, filling, calm))


def test_a_burst_read_by_a_slow_reader_is_no_drain() -> None:
    burst = (Step.FULL, FULL | {"read_bytes": 40_000, "queue_bytes": 1000})
    assert Phase.DRAINING.value not in names(told("slow-reader", *FILLS, burst, burst))


def test_who_vanishes_leaves_and_never_wakes() -> None:
    assert names(told("vanishing", *FILLS, (Step.GONE, FULL)))[-1] == "leaves"


def test_a_stall_that_is_tried_again_has_a_name_of_its_own() -> None:
    twice = [find_stall(name) for name in ("stop-reading", "no-pong", "stop-reading", "stop-reading")]
    assert names_of(twice) == ["stop-reading", "no-pong", "stop-reading-2", "stop-reading-3"]
