"""The measurement that the table rests on: its rule, and that it really measures."""

import pytest

from .launch import launched, missing
from .peer import BLOCKS, DISCONNECTS, DROPS, ISOLATED, UNBOUNDED
from .table import PEERS
from .truth import Truth, connected, kernel_bytes, sleep_and_wake


def truth(
    *,
    ended_after_s: float | None = None,
    rate_asleep: float = 450.0,
    missing: int = 0,
    jump_s: float = 0.01,
    given_up: bool = False,
) -> Truth:
    return Truth(
        ended_after_s=ended_after_s,
        refused_bytes=16_000_000,
        grown_bytes=0,
        rate_before=450.0,
        rate_asleep=rate_asleep,
        asleep_gap_s=0.01,
        awake_gap_s=0.01,
        missing=missing,
        jump_s=jump_s,
        asleep_s=7.0,
        given_up=given_up,
    )


@pytest.mark.parametrize(
    ("measured", "outcome"),
    [
        (truth(), UNBOUNDED),
        (truth(jump_s=5.6), ISOLATED),
        (truth(jump_s=5.6, missing=900), DROPS),
        (truth(jump_s=5.6, rate_asleep=0.0), BLOCKS),
        (truth(given_up=True), DROPS),
        (truth(ended_after_s=5.0), DISCONNECTS),
    ],
)
def test_the_rule(measured: Truth, outcome: str) -> None:
    assert measured.outcome == outcome


@pytest.mark.loopback
@pytest.mark.slow
@pytest.mark.realtime
@pytest.mark.parametrize("name", ["websockets_broadcast", "websockets_per_connection"])
def test_two_of_one_library_are_told_apart(name: str) -> None:
    peer = next(peer for peer in PEERS if peer.name == name)
    if reason := missing(peer):
        pytest.skip(reason)
    measured = sleep_and_wake(peer)
    assert measured.outcome == peer.outcome
    assert measured.missing == 0


@pytest.mark.loopback
def test_both_ends_queues_are_found_while_the_connection_is_established() -> None:
    peer = next(peer for peer in PEERS if peer.name == "websockets_per_connection")
    if reason := missing(peer):
        pytest.skip(reason)
    with launched(peer) as running, connected(running) as client:
        while not client.messages:
            client.read()
        assert kernel_bytes(running, client) is not None
