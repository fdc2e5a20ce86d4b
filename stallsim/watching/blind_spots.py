"""Notes on what a reading of TCP sockets cannot show, if the ports or the peers suggest such a
case. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from ..kinds import Word
from ..timeline.watched import WatchedConnection

_TLS = frozenset({443, 8443, 9443})
_HTTP2 = frozenset({50051, 9090, 15010})
_SHARED_MIN = 3
"""From this number of connections on, if all have the same peer address, the address may be a proxy's."""


def blind_spots(ports: Iterable[int], hosts: Counter[str], connections: int = 0) -> list[str]:
    """Notes that follow from the ports and the peers' addresses.

    ``hosts`` counts, by peer address, the connections that were read in full; ``connections`` is the number
    of all.
    """
    ports = set(ports)
    notes: list[str] = []
    if ports & _TLS:
        which = ", ".join(f":{port}" for port in sorted(ports & _TLS))
        notes.append(
            f"{which} suggests TLS, so bytes are ciphertext; if the server speaks HTTP/2, a stalled stream "
            "leaves its connection's window open, and is not visible here"
        )
    if ports & _HTTP2:
        which = ", ".join(f":{port}" for port in sorted(ports & _HTTP2))
        notes.append(
            f"{which} suggests gRPC over HTTP/2: a stalled stream leaves its connection's window open"
        )
    if len(hosts) == 1 and (count := hosts.total()) >= _SHARED_MIN:
        (host,) = hosts
        read = f" that were read in full (of {connections:,})" if connections > count else ""
        notes.append(
            f"all {count} connections{read} come from {host}: if it is a proxy, the stalls of its clients "
            "are visible first in its own connections; watch the proxy's process"
        )
    return notes


def above_tcp(connections: Sequence[WatchedConnection]) -> list[str]:
    """Notes on protocols that the kernel runs on top of TCP (MPTCP, TLS), which hide queued or
    plain bytes.
    """
    notes = []
    if subflows := sum(one.ulp == "mptcp" for one in connections):
        notes.append(
            f"{subflows} of the listed connections are subflows of MPTCP (RFC 8684): the bytes in "
            "MPTCP's own queue are not visible here, so the figures of queued bytes are too small by these"
        )
    if sum(one.ulp == "tls" for one in connections):
        notes.append("the kernel does the TLS of these connections, so bytes are ciphertext")
    return notes


def far_away(connections: Sequence[WatchedConnection]) -> list[str]:
    """A note on stalled peers on other machines: whether such a peer still reads very slowly is not
    known.
    """
    if not any(one.word == Word.STALLED.value and not one.peer_seen for one in connections):
        return []
    slow = "a peer on another machine may read too little for its kernel to open the window"
    called = "it is called stalled, too, until the window opens"
    return [f"{slow}: {called}; a longer time before the word stalled distinguishes such readers"]
