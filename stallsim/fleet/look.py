"""One look at all connections of the server's port: a dump filtered in the kernel, no call a socket."""

from collections import Counter

from msgspec import Struct

from ..kernel.diag_socket import TcpState
from ..kernel.glance import Glances
from ..kernel.sock_diag import CONNECTED, SockDiag

SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Of the send queues, from the shortest to the longest, those at these shares are told."""


class Look(Struct, frozen=True, kw_only=True):
    """The server's ends at one moment. Sizes are bytes; the witnesses' connections are among them."""

    connections: int
    by_state: dict[str, int]
    """Counted by state of TCP (RFC 9293 3.3.2)."""
    stalled: int
    """The kernel confirms it: the window is smaller than the segment that waits, at two looks in a row, and
    nothing was acknowledged between them."""
    outq_bytes: int
    """Of all send queues together."""
    queues: tuple[int, ...]
    """The send queues at ``SHARES``."""


class Looker:
    """Looks at one port again and again. Raises Unavailable where the kernel does not answer."""

    def __init__(self, diag: SockDiag, port: int) -> None:
        self._diag, self._port, self._glances = diag, port, Glances()
        self._acked: dict[int, int] = {}
        """Acknowledged bytes at the look before, by cookie, of those whose window was shut."""

    def look(self) -> Look:
        """All of them, at about 2 us each, most of it in the kernel."""
        states: Counter[int] = Counter()
        shut: dict[int, int] = {}
        queues: list[int] = []
        for datagram in self._diag.datagrams(self._port, CONNECTED):
            for state, _, cookie, _, wqueue, _, mss, acked, notsent, window in self._glances.rows(datagram):
                states[state] += 1
                queues.append(wqueue)
                if (
                    notsent > window < mss
                ):  # RFC 9293 3.8.6: the window is smaller than the segment that waits
                    shut[cookie] = acked
        stalled = len(shut.items() & self._acked.items())
        self._acked = shut
        queues.sort()
        return Look(
            connections=len(queues),
            by_state={TcpState(state).name: count for state, count in sorted(states.items())},
            stalled=stalled,
            outq_bytes=sum(queues),
            queues=tuple(queues[round(share * (len(queues) - 1))] for share in SHARES) if queues else (),
        )
