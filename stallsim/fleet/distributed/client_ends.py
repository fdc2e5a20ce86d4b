"""A look at the clients' ends of all connections to one server, on a worker's machine.

Where the server is on a machine that nobody of ours can look at, these are what is left: how much each
client has not read, and which of them advertise a window that no segment fits into.
"""

import time
from collections import Counter
from heapq import nlargest

from ...errors import Unavailable
from ...kernel.diag_socket import INFO_ALONE, TcpState, unpack_id
from ...kernel.netlink import DONE, ERROR, messages
from ...kernel.sock_diag import CONNECTED, SockDiag
from ...kernel.socket_rows import SocketRows
from ...timeline.fleet.looks import FleetLook, Worst
from ...timeline.fleet.merge import WORST_MAX
from ...timeline.histogram import Histogram

_RCV_MSS_AT, _BYTES_RECEIVED_AT, _RCV_WND_AT = 20, 128, 232
"""In ``struct tcp_info``; the last of them since Linux 6.2."""


class ClientEnds:
    """Looks at the clients' ends when it is asked. Where the kernel does not answer, there is no look."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._rows = SocketRows((_RCV_MSS_AT, "I"), (_BYTES_RECEIVED_AT, "Q"), (_RCV_WND_AT, "I"))
        self._received: dict[int, int] = {}
        """Received bytes at the look before, by cookie, of those whose window was shut."""
        try:
            self._diag: SockDiag | None = SockDiag()
        except Unavailable:
            self._diag = None

    def look(self) -> FleetLook | None:
        """Look at all connections to that port from this network stack."""
        if self._diag is None:
            return None
        began_s = time.perf_counter()
        states: Counter[int] = Counter()
        shut: dict[int, int] = {}
        unread: list[tuple[int, int]] = []
        datagrams = self._diag.datagrams(0, CONNECTED, peer_port=self._port, extensions=INFO_ALONE)
        for datagram in datagrams:
            for state, _, cookie, rqueue, _, _, mss, received, window in self._rows.read(datagram):
                states[state] += 1
                unread.append((rqueue, cookie))
                if rqueue and window < mss:
                    shut[cookie] = received
        stalled = len(shut.items() & self._received.items())
        self._received = shut
        return FleetLook(
            connections=len(unread),
            by_state={TcpState(state).name: count for state, count in sorted(states.items())},
            stalled=stalled,
            outq_bytes=sum(queue for queue, _ in unread),
            queues=Histogram.of(queue for queue, _ in unread),
            worst=tuple(_worst({cookie: q for q, cookie in nlargest(WORST_MAX, unread)}, datagrams)),
            of_clients=True,
            took_s=round(time.perf_counter() - began_s, 6),
        )

    def close(self) -> None:
        """Give the descriptor back."""
        if self._diag is not None:
            self._diag.close()


def _worst(queues: dict[int, int], datagrams: list[bytes]) -> list[Worst]:
    """The few with these cookies, by their own addresses."""
    found = []
    for datagram in datagrams:
        for kind, message in messages(datagram) if queues else ():
            if kind in (DONE, ERROR):
                continue
            one = unpack_id(message)
            if one.cookie in queues:
                found.append(
                    Worst(
                        peer=f"{one.own_host}:{one.own_port}",
                        state=TcpState(message[1]).name,
                        queue_bytes=queues.pop(one.cookie),
                    )
                )
    return sorted(found, key=lambda one: -one.queue_bytes)
