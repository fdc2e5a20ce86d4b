"""Which peers the kernel's guards end: theory is compared with plain sockets, ``ss`` and a capture.

One observation of some six seconds serves all of the tests (docs/kernel-timers.md has its figures).
"""

import shutil

import pytest

from .guard_table import observe
from .guards import KEEPALIVE_S, PEERS, STACKS, USER_TIMEOUT_S, Cell

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.slow,
    pytest.mark.realtime,
    pytest.mark.xdist_group("kernel timers"),  # they share one observation
    pytest.mark.skipif(shutil.which("ss") is None, reason="ss (iproute2) is not installed"),
]
SHUT = {"zero-window", "shut-then-gone", "naps", "drips"}
"""Peers that leave the server in persist state for longer than the user timeout."""
ENDED = {
    "none": set(),
    "notsent-lowat": set(),
    "user-timeout": {*SHUT, "gone-with-data"},
    "keepalive": {"gone-idle"},
    "both": {*SHUT, "gone-with-data", "gone-idle"},
    "retries2": {"shut-then-gone", "gone-with-data"},
    "retries2 + keepalive": {"shut-then-gone", "gone-with-data", "gone-idle"},
}
GUARDS = [guard for _, guards in STACKS.values() for guard in guards]
ENDS = [(guard, peer) for guard, peers in ENDED.items() for peer in sorted(peers)]
Seen = dict[tuple[str, str], Cell]


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Every cell, by guard and peer."""
    cells = observe()
    if isinstance(cells, str):
        pytest.skip(cells)
    return {(cell.guard, cell.peer): cell for cell in cells}


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_ends_what_theory_says(guard: str, peer: str, seen: Seen) -> None:
    cell = seen[guard, peer]
    assert cell.error == ("ETIMEDOUT" if peer in ENDED[guard] else None)
    assert cell.left == (cell.error is None), "ss lists the server's socket until it has ended"


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("guard", GUARDS)
def test_ss_names_the_timer(guard: str, peer: str, seen: Seen) -> None:
    timers = set(seen[guard, peer].timers)
    if peer == "gone-idle":
        assert timers == ({"keepalive"} if "gone-idle" in ENDED[guard] else set())
    else:
        assert "keepalive" not in timers, "it is not for a connection that has data to send"
        assert timers >= ({"persist"} if peer in SHUT else set())
    if peer == "gone-with-data":
        assert timers == {"on"}


@pytest.mark.parametrize(("guard", "peer"), ENDS)
def test_the_peer_gets_a_reset_only_by_keepalive_or_when_it_sends(
    guard: str, peer: str, seen: Seen
) -> None:
    cell = seen[guard, peer]
    if cell.resets is None:
        pytest.skip("tshark is not installed")
    speaks = peer == "naps"  # it woke, and what it said was answered
    assert cell.resets == (peer == "gone-idle" or speaks)
    assert cell.peer_state == ("-" if speaks else "ESTAB")


@pytest.mark.parametrize(("guard", "peer"), ENDS)
def test_the_peer_gets_a_reset_when_it_sends(guard: str, peer: str, seen: Seen) -> None:
    assert seen[guard, peer].woken == f"{'writes' if peer.startswith('gone') else 'reads'}, ECONNRESET"


@pytest.mark.parametrize(("guard", "peer"), ENDS)
def test_no_guard_ends_anything_before_its_time(guard: str, peer: str, seen: Seen) -> None:
    ended_s = seen[guard, peer].ended_s
    assert ended_s is not None
    if guard in ("user-timeout", "both"):
        assert ended_s >= USER_TIMEOUT_S
    elif peer == "gone-idle":
        assert ended_s >= KEEPALIVE_S


def test_the_user_timeout_stands_in_for_the_number_of_keepalive_probes(seen: Seen) -> None:
    both, alone = seen["both", "gone-idle"].ended_s, seen["keepalive", "gone-idle"].ended_s
    assert both is not None
    assert alone is not None
    assert both < alone
