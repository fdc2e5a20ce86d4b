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
        """All of them, at about 2 us each."""
        states: Counter[int] = Counter()
        shut: dict[int, int] = {}
        queues: list[int] = []
        stalled = 0
        for message in self._diag.dump(self._port, CONNECTED):
            one = self._glances.read(message)
            if one is None:
                continue
            states[one.state] += 1
            queues.append(one.wqueue)
            if one.window_shut:
                shut[one.cookie] = one.bytes_acked
                stalled += self._acked.get(one.cookie) == one.bytes_acked
        self._acked = shut
        queues.sort()
        return Look(
            connections=len(queues),
            by_state={TcpState(state).name: count for state, count in sorted(states.items())},
            stalled=stalled,
            outq_bytes=sum(queues),
            queues=tuple(queues[round(share * (len(queues) - 1))] for share in SHARES) if queues else (),
        )
