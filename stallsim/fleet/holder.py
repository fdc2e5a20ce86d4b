"""One process's parked clients: raw descriptors and one epoll. A parked client has no object of its own."""

import os
import select
import socket
import time
from collections import Counter
from collections.abc import Callable

from ..kernel import black_hole
from ..kernel.peer_errors import check_of_the_peer
from ..kinds import ParkedEnding
from ..probing.address import Address, parse_url
from ..probing.spec import Target
from ..timeline.fleet.clients import HeldCount
from .budgets import ReadingBudgets
from .completed import CompletedHandshakes
from .descriptors import ClientDescriptors
from .ends import TAIL_BYTES, EndsSeen, rest_of, way_of_ending
from .handshake import Handshake
from .opening import FleetOpening
from .orders import BeginOrder
from .own_memory import pss_bytes
from .parked import PARKED
from .parked._base import Parked
from .transport import PlainTransport, Transport
from .turns import Turns

_READ_BYTES = 65536
_TICK_S = 0.1
_EVENTS_MAX = 512
_ENDS = select.EPOLLRDHUP | select.EPOLLET
_READS = select.EPOLLIN | select.EPOLLRDHUP


class Holder:
    """Opens and holds clients; ``step`` does what is due, and waits for at most a tick."""

    def __init__(self, begin: BeginOrder) -> None:
        """Raises StallsimError where ``ca_file`` is no file of certificates."""
        target, address = begin.target, parse_url(begin.target.url)
        self._tls = address.tls
        self._epoll = select.epoll()
        self._opening = FleetOpening(
            begin, Handshake(address, target), _transport(target, address), self._epoll, self._park
        )
        self._kinds: dict[str, type[Parked]] = {name: PARKED.find(name) for name in PARKED.names()}
        self._clients = ClientDescriptors()
        self._holes: set[int] = set()
        """Those whose kernel drops what arrives."""
        self._turns = Turns()
        self._tails: dict[int, bytes] = {}
        """The last bytes that were read, of those that read."""
        self._ends = EndsSeen()
        self._counts: Counter[str] = Counter()
        self._completed = CompletedHandshakes()
        self._stepped_s = time.monotonic()
        self._budgets = ReadingBudgets(self._stepped_s)

    def open(self, counts: dict[str, int], rate_per_s: float) -> None:
        """Open so many more of these kinds, one of each in turn, at that rate."""
        for turn in range(max(counts.values(), default=0)):
            for name, count in counts.items():
                if turn < count:
                    self._opening.add(self._kinds[name])
        self._counts["wanted"] += sum(counts.values())
        self._opening.rate_per_s = rate_per_s
        self._completed.ordered(time.monotonic())

    def wake(self, share: float) -> None:
        """Let so many of those that are not awake read everything from now on."""
        asleep = self._clients.asleep()
        for fd in asleep[: round(share * len(asleep))]:
            self._clients.wake(fd)
            self._epoll.modify(fd, _READS)
            if fd in self._holes:
                _with_socket(fd, black_hole.detach)

    def end(self) -> None:
        """Abort everything."""
        self._opening.close()
        for fd in self._clients:
            os.close(fd)
        self._clients = ClientDescriptors()
        self._epoll.close()

    def step(self) -> None:
        """What is due now."""
        now_s = time.monotonic()
        elapsed_s, self._stepped_s = now_s - self._stepped_s, now_s
        self._opening.step(elapsed_s)
        for fd, events in self._epoll.poll(0.001 if self._opening.due else _TICK_S, _EVENTS_MAX):
            if fd in self._opening:
                self._opening.go_on(fd, events)
            else:
                self._look_at(fd, events)
        if self._opening.idle:
            self._completed.decided()
        for fd in self._budgets.due(now_s):
            self._read(fd)
        for fd, sleeps in self._turns.due(now_s):
            if not self._clients.awake(fd):
                self._epoll.modify(fd, _ENDS if sleeps else _READS)

    def tally(self) -> HeldCount:
        """What is held now."""
        return HeldCount(
            wanted=self._counts["wanted"],
            connecting=len(self._opening),
            parked=len(self._clients),
            awake=self._clients.awake_count,
            refused=dict(self._opening.refused),
            unanswered=dict(self._opening.unanswered),
            ended=self._ends.summary(),
            read_bytes=self._counts["read"],
            handshakes=self._completed.count,
            opening_s=round(self._completed.seconds, 6),
            memory_bytes=pss_bytes(),
        )

    def _park(self, fd: int, kind: type[Parked]) -> None:
        self._clients.add(fd)
        self._ends.opened(fd)
        if kind.opens:
            self._completed.add(time.monotonic())
        self._budgets.add(fd, kind)
        if kind.awake_s:
            self._turns.add(fd, kind, time.monotonic())
        if kind.black_hole:
            self._holes.add(fd)
            _with_socket(fd, black_hole.attach)
        reads = kind.reads_all or kind.reads_more_bytes
        self._epoll.modify(fd, _READS if reads else _ENDS)

    def _look_at(self, fd: int, events: int) -> None:
        if events & select.EPOLLIN:
            self._read(fd)
        elif events & (select.EPOLLERR | select.EPOLLHUP):
            self._forget(fd, ParkedEnding.RST)
        elif events & select.EPOLLRDHUP:
            self._forget(fd, ParkedEnding.FIN)

    def _read(self, fd: int) -> None:
        """Read once; a client that has read what its kind reads of its own accord sleeps from then on."""
        left = None if self._clients.awake(fd) else self._budgets.left(fd)
        try:
            data = os.read(fd, _READ_BYTES if left is None else min(_READ_BYTES, left))
        except BlockingIOError:
            return
        except OSError as error:
            check_of_the_peer(error)
            self._forget(fd, ParkedEnding.RST)
            return
        self._counts["read"] += len(data)
        if not data:
            self._forget(fd, ParkedEnding.FIN)
            return
        self._tails[fd] = (self._tails.get(fd, b"") + data[-TAIL_BYTES:])[-TAIL_BYTES:]
        if left is not None and self._budgets.spend(fd, len(data)):
            self._epoll.modify(fd, _ENDS)

    def _forget(self, fd: int, how: ParkedEnding) -> None:
        """The server has ended it; what still waits may end with a Close."""
        tail = rest_of(fd, self._tails.pop(fd, b""))
        self._ends.ended(fd, way_of_ending(how, tail, tls=self._tls))
        self._clients.forget(fd)
        self._budgets.forget(fd)
        self._turns.forget(fd)
        self._holes.discard(fd)
        os.close(fd)


def _transport(target: Target, address: Address) -> Transport:
    if not address.tls:
        return PlainTransport()
    from .tls_transport import TlsTransport  # noqa: PLC0415 - a megabyte in each process without TLS

    return TlsTransport(target, address.host)


def _with_socket(fd: int, work: Callable[[socket.socket], None]) -> None:
    """``work`` on the socket of this descriptor, which goes on to be ours."""
    sock = socket.socket(fileno=fd)
    try:
        work(sock)
    finally:
        sock.detach()
