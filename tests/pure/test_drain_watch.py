"""How long both clients are watched after the wake, tested look by look."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest

from stallsim.probing.client.message_log import MessageLog
from stallsim.probing.observe.observer import LOOK_S
from stallsim.probing.trial.drain_watch import DrainWatch
from stallsim.timeline.outside import Look

from .observations import KERNEL, MESSAGE, RATE, sample

STALL_S = 10.0
PAUSED = STALL_S * RATE - 6 * RATE
"""Bytes of a witness that has been given nothing for six seconds."""


@dataclass
class Client:
    log: MessageLog = field(default_factory=MessageLog)
    ended: object | None = None


def messages(numbers: Iterable[int]) -> list[bytes]:
    return [f"message {number} of all".ljust(MESSAGE, "x").encode() for number in numbers]


def given(numbers: Iterable[int]) -> MessageLog:
    log = MessageLog()
    log.add(messages(numbers))
    return log


def watch(witness: Client, stalled: Client, before: Look, joined: int = 0) -> DrainWatch:
    return DrainWatch(
        before,
        first=sample(0.0, received_bytes=0, rcvq_bytes=0, outq_bytes=0),
        gap_s=0.01,
        pace=1.0,
        usual_per_s=RATE,
        witness=witness,
        stalled=stalled,
        witness_joined=joined,
    )


def over_after(watched: DrainWatch, look: Callable[[float], Look], limit_s: float = 60.0) -> float:
    """Seconds after the wake at which the watch is over; ``look``: what is seen so long after it."""
    for step in range(1, round(limit_s / LOOK_S)):
        since_s = step * LOOK_S
        if watched.over(look(since_s), since_s):
            return since_s
    return limit_s


@pytest.mark.parametrize(("resumes_s", "until_s"), [(0.2, 0.5), (1.0, 1.0), (9.0, 1.5)])
def test_a_stream_that_stood_still_is_waited_for_though_the_stalled_client_is_ended(
    resumes_s: float, until_s: float
) -> None:
    """A long stall ended with a Close behind the data: the witness's stream goes on a little later."""

    def look(since_s: float) -> Look:
        after_s = max(0.0, since_s - resumes_s)
        return sample(STALL_S + since_s, witness_bytes=round(PAUSED + after_s * RATE), outq_bytes=0)

    before = sample(STALL_S, witness_bytes=PAUSED, witness_idle_s=6.0)
    watched = watch(Client(given(range(4000))), Client(given(range(20)), ended="close"), before)
    assert over_after(watched, look) == pytest.approx(until_s, abs=2 * LOOK_S)


def test_a_stream_that_went_on_is_not_watched_beside_a_client_that_is_ended() -> None:
    watched = watch(Client(given(range(4000))), Client(ended="close"), sample(STALL_S))
    assert over_after(watched, lambda since_s: sample(STALL_S + since_s)) == LOOK_S


@pytest.mark.parametrize(("first", "until_s"), [(200, 15.0), (0, 0.6)])
def test_a_shared_stream_that_comes_late_is_watched_for_half_as_long_again_as_the_stall(
    first: int, until_s: float
) -> None:
    """The client was stalled from the beginning: what it is given first, at its wake, shows whether its
    stream is the witness's or one of its own, which begins where the witness's began."""
    witness, stalled = Client(given(range(4000))), Client()
    watched = watch(witness, stalled, sample(STALL_S), joined=200)

    def look(since_s: float) -> Look:
        if not stalled.log.messages:
            stalled.log.add(messages(range(first, first + 100)))
        taken = KERNEL + round(since_s * RATE)
        return sample(STALL_S + since_s, received_bytes=taken, rcvq_bytes=0, outq_bytes=0)

    assert over_after(watched, look) == pytest.approx(until_s, abs=0.5)


def test_while_the_machine_withholds_time_a_late_stream_is_watched_for_longer() -> None:
    witness, stalled = Client(given(range(4000))), Client(given(range(200, 300)))
    before = sample(STALL_S, withheld_s=0.0)

    def look(since_s: float) -> Look:
        taken = KERNEL + round(since_s * RATE)
        half = since_s / 4
        return sample(STALL_S + since_s, received_bytes=taken, rcvq_bytes=0, outq_bytes=0, withheld_s=half)

    assert over_after(watch(witness, stalled, before, joined=200), look) == pytest.approx(20.0, abs=0.5)


@pytest.mark.parametrize(("witness_unread", "until_s"), [(0, 15.0), (10**5, 5.0)])
def test_a_flood_that_this_program_cannot_read_is_not_read_for_long(
    witness_unread: int, until_s: float
) -> None:
    """Of 200,000 messages a second some lie unread for both clients at every look."""
    witness, stalled = Client(given(range(200_000))), Client(given(range(20)))

    def look(since_s: float) -> Look:
        taken = KERNEL + round(since_s * RATE)
        return sample(
            STALL_S + since_s,
            received_bytes=taken,
            rcvq_bytes=10**5,
            witness_rcvq_bytes=witness_unread,
        )

    watched = watch(witness, stalled, sample(STALL_S), joined=10)
    assert over_after(watched, look) == pytest.approx(until_s, abs=0.6)


@pytest.mark.parametrize("pace", [1.0, 0.89])
def test_a_pace_that_was_measured_in_a_flood_makes_no_client_catch_up(pace: float) -> None:
    """As of a broker's flood: the client was late before its stall, and then as fast as the witness."""
    before = sample(STALL_S, rcvq_bytes=10**6)
    watched = DrainWatch(
        before,
        first=sample(0.0, received_bytes=0, rcvq_bytes=0, outq_bytes=0),
        gap_s=0.01,
        pace=pace,
        usual_per_s=RATE,
        witness=Client(given(range(4000))),
        stalled=Client(given(range(100))),
        witness_joined=10,
    )

    def look(since_s: float) -> Look:
        return sample(STALL_S + since_s, received_bytes=KERNEL + round(since_s * RATE), rcvq_bytes=10**6)

    assert over_after(watched, look) <= 15.0


def test_who_catches_up_now_and_then_is_watched_to_the_end() -> None:
    """On a busy machine the backlog comes in pieces, a second of two, with bytes waiting at every look."""
    witness, stalled = Client(given(range(4000))), Client(given(range(200, 300)))

    def look(since_s: float) -> Look:
        came = RATE * since_s + 4 * RATE * (since_s // 2 * 1.0 + min(1.0, since_s % 2)) / 4
        taken = min(KERNEL + round(came), round((STALL_S + since_s) * RATE))
        return sample(STALL_S + since_s, received_bytes=taken, rcvq_bytes=10**5)

    assert over_after(watch(witness, stalled, sample(STALL_S), joined=200), look) > 18.0


@pytest.mark.parametrize(("hasty", "until_s"), [(1.0, 0.6), (4.0, 3.0)])
def test_beside_a_witness_that_catches_up_itself_the_usual_stream_is_the_measure(
    hasty: float, until_s: float
) -> None:
    """The client is given 1.5 times the stream: beside four times of it that looks like no catching up."""
    before = sample(STALL_S)

    def look(since_s: float) -> Look:
        return sample(
            STALL_S + since_s,
            witness_bytes=round((STALL_S + hasty * since_s) * RATE),
            received_bytes=6000 + round(min(1.5, 1.1 * hasty) * since_s * RATE),
            rcvq_bytes=0,
            outq_bytes=0,
        )

    over_s = over_after(watch(Client(), Client(), before), look)
    assert over_s >= until_s
    assert (over_s < 3.0) is (hasty == 1.0)


@pytest.mark.parametrize(("silent", "until_s"), [(False, 0.3), (True, 1.5)])
def test_a_server_that_stands_still_when_the_client_has_caught_up_is_waited_for(
    silent: bool, until_s: float
) -> None:
    before = sample(STALL_S)

    def look(since_s: float) -> Look:
        given = round(STALL_S * RATE)
        return sample(
            STALL_S + since_s,
            witness_bytes=given,
            witness_idle_s=since_s if silent else 0.004,
            received_bytes=given,
            rcvq_bytes=0,
            outq_bytes=0,
        )

    assert until_s <= over_after(watch(Client(), Client(), before), look) < until_s + 0.2
