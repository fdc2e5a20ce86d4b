"""One look at all connections of the server's port: a dump filtered in the kernel, no call a socket."""

import time
from collections import Counter
from collections.abc import Iterable
from heapq import heapreplace

from ..kernel.diag_socket import INFO_ALONE, TcpState, unpack_id
from ..kernel.netlink import DONE, ERROR, messages
from ..kernel.sock_diag import CONNECTED, SockDiag
from ..kernel.socket_rows import SocketRows
from ..kernel.tcp_info import BYTES_ACKED_AT, NOTSENT_AT, SND_MSS_AT, SND_WND_AT
from ..timeline.fleet.looks import FleetLook, Worst
from ..timeline.fleet.merge import WORST_MAX
from ..timeline.histogram import Histogram

_ENDED_UNSEEN = (TcpState.FIN_WAIT1, TcpState.CLOSING)
_Longest = tuple[int, int, int, bytes]
"""A queue, its socket's cookie and state, and the datagram that tells of it."""


class Looker:
    """Looks at one port again and again. Raises Unavailable where the kernel does not answer."""

    def __init__(self, diag: SockDiag, port: int) -> None:
        self._diag, self._port = diag, port
        self._rows = SocketRows(
            (SND_MSS_AT, "I"), (BYTES_ACKED_AT, "Q"), (NOTSENT_AT, "I"), (SND_WND_AT, "I")
        )
        self._acked: dict[int, int] = {}
        """Acknowledged bytes at the look before, by cookie, of those whose window was shut."""

    def look(self) -> FleetLook:
        """All of them, at about 2 us each, most of it in the kernel."""
        began_s = time.perf_counter()
        states: Counter[int] = Counter()
        shut: dict[int, int] = {}
        queues: list[int] = []
        longest: list[_Longest] = [(0, 0, 0, b"")] * WORST_MAX
        for datagram in self._diag.datagrams(self._port, CONNECTED, extensions=INFO_ALONE):
            for state, _, cookie, _, wqueue, _, mss, acked, notsent, window in self._rows.read(datagram):
                states[state] += 1
                queues.append(wqueue)
                # the window is smaller than the segment that waits
                if notsent > window < mss and state == TcpState.ESTABLISHED:
                    shut[cookie] = acked
                if wqueue > longest[0][0]:
                    heapreplace(longest, (wqueue, cookie, state, datagram))
        stalled = len(shut.items() & self._acked.items())
        self._acked = shut
        return FleetLook(
            connections=len(queues),
            by_state={TcpState(state).name: count for state, count in sorted(states.items())},
            stalled=stalled,
            outq_bytes=sum(queues),
            queues=Histogram.of(queues),
            ended_unseen=sum(states[state] for state in _ENDED_UNSEEN),
            worst=tuple(_worst(longest)),
            took_s=round(time.perf_counter() - began_s, 6),
        )


def _worst(longest: list[_Longest]) -> Iterable[Worst]:
    """Only of these few is it read who they are."""
    for queue_bytes, cookie, state, datagram in sorted(longest, reverse=True):
        answered = (message for kind, message in messages(datagram) if kind not in (DONE, ERROR))
        ids = map(unpack_id, answered)
        one = next((one for one in ids if one.cookie == cookie), None)
        if one is not None:
            host = f"[{one.peer_host}]" if ":" in one.peer_host else one.peer_host
            yield Worst(peer=f"{host}:{one.peer_port}", state=TcpState(state).name, queue_bytes=queue_bytes)
