"""The phases of a connection, for samples made by hand: every transition of the table, and their order."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from stallsim.kinds import Phase
from stallsim.phases import TRANSITIONS, SamplePair, Transition, next_phase
from stallsim.timeline.sample import Refusal
from stallsim.verdict.stall import Confirmation, stall_evidence

from .builders import MSS, sample

P = Phase
FULL: dict[str, Any] = {"snd_wnd_bytes": 0, "rcvq_bytes": 9000, "received_bytes": 9000, "acked_bytes": 9000}
BLOCKED: dict[str, Any] = FULL | {
    "accepted_bytes": 15000, "produced_bytes": 20000, "outq_bytes": 6000, "notsent_bytes": 6000,
    "queue_bytes": 5000, "refusal": Refusal.EAGAIN,
}  # fmt: skip
GROWN = BLOCKED | {"produced_bytes": 25000, "queue_bytes": 10000}
LOST: dict[str, Any] = {"acked_bytes": 9000, "received_bytes": 9000, "read_bytes": 9000}

STEPS = [
    # from, the sample before, the sample now, to
    (P.CONNECTING, {"open": False}, {}, P.FLOWING),
    (P.FLOWING, {}, FULL, P.RECEIVER_FILLING),
    (P.RECOVERED, {}, FULL, P.RECEIVER_FILLING),
    (P.DRAINING, FULL, FULL, P.RECEIVER_FILLING),
    (P.FLOWING, LOST | {"accepted_bytes": 9000},
     LOST | {"accepted_bytes": 12000, "outq_bytes": 3000}, P.UNACKNOWLEDGED),
    (P.RECOVERED, LOST | {"accepted_bytes": 9000},
     LOST | {"accepted_bytes": 12000, "outq_bytes": 3000}, P.UNACKNOWLEDGED),
    (P.FLOWING, {}, FULL | {"outq_bytes": 10, "notsent_bytes": 10}, P.SENDER_FILLING),
    (P.RECEIVER_FILLING, FULL, FULL | {"outq_bytes": 10, "notsent_bytes": 10}, P.SENDER_FILLING),
    (P.UNACKNOWLEDGED, LOST | {"accepted_bytes": 12000, "outq_bytes": 3000},
     LOST | {"accepted_bytes": 15000, "outq_bytes": 6000, "notsent_bytes": 3000}, P.SENDER_FILLING),
    (P.FLOWING, {}, BLOCKED, P.WRITE_BLOCKED),
    (P.RECEIVER_FILLING, FULL, BLOCKED, P.WRITE_BLOCKED),
    (P.SENDER_FILLING, FULL, BLOCKED, P.WRITE_BLOCKED),
    (P.SENDER_FILLING, FULL, BLOCKED | {"refusal": Refusal.NOT_WRITABLE}, P.WRITE_BLOCKED),
    (P.WRITE_BLOCKED, BLOCKED, GROWN, P.USERSPACE_GROWTH),
    (P.WRITE_BLOCKED, BLOCKED, BLOCKED | {"dropped_bytes": 5000}, P.POLICY_ACTED),
    (P.USERSPACE_GROWTH, GROWN, GROWN | {"producer_waits": True}, P.POLICY_ACTED),
    (P.FLOWING, {}, {"dropped_bytes": 1}, P.POLICY_ACTED),
    (P.DRAINING, GROWN, GROWN | {"dropped_bytes": 1}, P.POLICY_ACTED),
    (P.USERSPACE_GROWTH, GROWN, GROWN | {"read_bytes": 4000, "rcvq_bytes": 5000}, P.DRAINING),
    (P.POLICY_ACTED, GROWN, GROWN | {"read_bytes": 4000, "rcvq_bytes": 5000}, P.DRAINING),
    (P.DRAINING, GROWN, {"read_bytes": 25000, "produced_bytes": 25000}, P.RECOVERED),
    (P.RECEIVER_FILLING, FULL, {"read_bytes": 9000, "produced_bytes": 9000}, P.RECOVERED),
]  # fmt: skip


@pytest.mark.parametrize(("phase", "before", "now", "then"), STEPS)
def test_a_step(phase: Phase, before: dict[str, Any], now: dict[str, Any], then: Phase) -> None:
    assert next_phase(phase, sample(0, **before), sample(1, **now)) is then


def entered_by(phase: Phase, step: SamplePair) -> Transition:
    """The transition that the table's order picks."""
    return next(one for one in TRANSITIONS if phase in one.sources and one.shows(step))


def test_every_transition_of_the_table_is_among_the_steps() -> None:
    taken = [
        entered_by(phase, SamplePair(sample(0, **one), sample(1, **two))) for phase, one, two, _ in STEPS
    ]
    assert [transition.words for transition in TRANSITIONS if transition not in taken] == []


@pytest.mark.parametrize(
    ("phase", "before", "now"),
    [
        (P.FLOWING, {}, {}),
        (P.FLOWING, {}, {"produced_bytes": 6680, "read_bytes": 6680, "received_bytes": 6680}),
        (P.RECEIVER_FILLING, FULL, FULL),
        (P.SENDER_FILLING, FULL, FULL | {"refusal": Refusal.EAGAIN}),
        (P.WRITE_BLOCKED, BLOCKED, BLOCKED),
        (P.USERSPACE_GROWTH, BLOCKED, GROWN),
        (P.POLICY_ACTED, GROWN, GROWN | {"dropped_bytes": 1}),
        (P.RECOVERED, {}, {}),
    ],
)
def test_a_phase_goes_on(phase: Phase, before: dict[str, Any], now: dict[str, Any]) -> None:
    assert next_phase(phase, sample(0, **before), sample(1, **now)) is None


@pytest.mark.parametrize("ended", [P.CLOSED, P.RESET, P.TIMED_OUT])
def test_what_has_ended_has_no_next_phase(ended: Phase) -> None:
    pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]] = [(step[1], step[2]) for step in STEPS]
    assert {next_phase(ended, sample(0, **one), sample(1, **two)) for one, two in pairs} == {None}


@pytest.mark.parametrize(
    ("before", "now", "evidence"),
    [
        ({}, {}, None),
        ({}, {"outq_bytes": 5, "notsent_bytes": 5, "snd_wnd_bytes": 4}, "window shut"),
        ({}, {"outq_bytes": MSS, "notsent_bytes": MSS, "snd_wnd_bytes": MSS - 1}, "window shut"),
        ({}, {"outq_bytes": MSS, "notsent_bytes": MSS, "snd_wnd_bytes": MSS}, None),
        ({}, {"outq_bytes": 5, "accepted_bytes": 5}, "nothing acknowledged"),
        (
            {"outq_bytes": 5, "accepted_bytes": 5},
            {"outq_bytes": 5, "accepted_bytes": 5},
            "nothing acknowledged",
        ),
        ({"received_bytes": 5}, {"outq_bytes": 5, "accepted_bytes": 5, "received_bytes": 5}, None),
        ({}, {"rcvq_bytes": 1}, "unread bytes grow"),
        ({}, {"rcvq_bytes": 1, "read_bytes": 1}, None),
        ({"rcvq_bytes": 1}, {"rcvq_bytes": 1}, None),
        ({}, {"queue_bytes": 10**6}, None),
    ],
)
def test_what_the_kernel_confirms(
    before: dict[str, Any], now: dict[str, Any], evidence: str | None
) -> None:
    assert stall_evidence(sample(0, **before), sample(1, **now)) == evidence


QUIET = {"rcvq_bytes": 9000, "received_bytes": 9000, "accepted_bytes": 9000}
MORE = {"rcvq_bytes": 9500, "received_bytes": 9500, "accepted_bytes": 9500}
GONE = {"outq_bytes": 3, "accepted_bytes": 3}


@pytest.mark.parametrize(
    ("series", "confirmed"),
    [
        (({}, QUIET, MORE), [2]),
        (({}, QUIET, QUIET, QUIET, MORE), [4]),  # a message every few ticks
        (({}, QUIET, QUIET | {"rcvq_bytes": 0, "read_bytes": 9000}, MORE | {"read_bytes": 9000}), []),
        (({}, GONE, GONE, GONE), [2]),  # an idle stream, and a Ping that gets no acknowledgement
        (
            (
                {},
                QUIET,
                MORE,
                {"read_bytes": 9500},
                QUIET | {"read_bytes": 9500},
                MORE | {"read_bytes": 9500},
            ),
            [2, 5],
        ),
        (({}, QUIET, QUIET, QUIET), []),  # one message unread may be one that is about to be read
    ],
)
def test_a_stall_is_confirmed_by_two_samples_between_which_nothing_was_read(
    series: Sequence[dict[str, Any]], confirmed: list[int]
) -> None:
    samples = [sample(tick, **changes) for tick, changes in enumerate(series)]
    confirmation = Confirmation()
    begun = [now.tick for before, now in pairwise(samples) if confirmation.look(before, now)]
    assert begun == confirmed


def test_a_stall_is_confirmed_anew_where_the_client_reads_no_more() -> None:
    reads = [0, 0, 0, 10, 20, 30, 30, 30]
    samples = [
        sample(tick, outq_bytes=50_000, notsent_bytes=50_000, snd_wnd_bytes=0, read_bytes=read)
        for tick, read in enumerate(reads)
    ]
    confirmation, begun = Confirmation(), []
    for before, now in pairwise(samples):
        if confirmation.look(before, now):
            begun.append(now.tick)
        if now.tick == 3:
            confirmation.resumes()  # it drains, and its window is shut all the while
    assert begun == [2, 7]
