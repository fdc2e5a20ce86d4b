"""From connect() to an opening handshake that is complete: many at once, on one epoll, at a rate."""

import os
import select
import time
from collections import Counter, deque
from collections.abc import Callable

from ..probing.client.client_name import new_client_name
from ..probing.speak._base import JoinRefused
from ..stream_protocol import ProtocolError
from .connecting import Connector, errno_name, error_under_way
from .handshake import ANSWER_MAX_BYTES, Handshake
from .joining import ClientJoining
from .orders import BeginOrder
from .parked._base import Parked
from .transport import TlsFailed, Transport

HANDSHAKE_S = 30.0
_REASON_MAX = 200
_ANSWERED = b"answered"
"""In the place of an answer that has come: the client joins."""
_BURST_S = 0.1

Opened = Callable[[int, type[Parked]], None]
"""Is given the descriptor of a client that is open, and its kind."""


class FleetOpening:
    """Owns the descriptors of clients until they are open, refused, or given up."""

    def __init__(
        self,
        begin: BeginOrder,
        handshake: Handshake,
        transport: Transport,
        epoll: select.epoll,
        opened: Opened,
    ) -> None:
        self._at_once, self._handshake, self._epoll, self._opened = begin.at_once, handshake, epoll, opened
        self._transport = transport
        self._waiting: deque[type[Parked]] = deque()
        self._under_way: dict[int, tuple[type[Parked], bytes, float]] = {}
        """By descriptor, in the order in which they began: kind, answer so far, and when."""
        self._connector = Connector(begin)
        self._joining: dict[int, ClientJoining] = {}
        """Those of them that have something to send or to wait for, once their answer has come."""
        self._personal = handshake.personal
        self.rate_per_s = 0.0
        self._allowance = 0.0
        self.refused: Counter[str] = Counter()
        self.unanswered: Counter[str] = Counter()

    def __contains__(self, fd: int) -> bool:
        return fd in self._under_way

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._under_way)

    @property
    def due(self) -> bool:
        """Whether another could begin as soon as the rate allows."""
        return bool(self._waiting) and len(self._under_way) < self._at_once

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not self._waiting and not self._under_way

    def add(self, kind: type[Parked]) -> None:
        """One more."""
        self._waiting.append(kind)

    def step(self, elapsed_s: float) -> None:
        """Begin what the rate allows, and give up what has taken too long."""
        most = max(1.0, self.rate_per_s * _BURST_S)
        self._allowance = min(self._allowance + elapsed_s * self.rate_per_s, most)
        while self.due and self._allowance >= 1:
            self._allowance -= 1
            self._connect(self._waiting.popleft())
        limit_s = time.monotonic() - HANDSHAKE_S
        while self._under_way:
            fd, (_, answer, began_s) = next(iter(self._under_way.items()))
            if began_s > limit_s:
                break
            self._drop(fd, self.unanswered, _given(answer))

    def close(self) -> None:
        """Abort all that is under way."""
        for fd in list(self._under_way):
            self._forget(fd)
            os.close(fd)

    def go_on(self, fd: int, events: int) -> None:
        """The kernel says that something can be done with this descriptor."""
        kind, answer, began_s = self._under_way[fd]
        if events & (select.EPOLLERR | select.EPOLLHUP) and not events & select.EPOLLIN:
            self._refuse(fd, error_under_way(fd))
        elif events & select.EPOLLOUT:
            if kind.opens:
                self._ask(fd, self._epoll.modify)
            else:
                self._is_open(fd, kind)
        elif events & select.EPOLLIN:
            self._take_answer(fd, kind, answer, began_s)

    def _take_answer(self, fd: int, kind: type[Parked], answer: bytes, began_s: float) -> None:
        joins = answer is _ANSWERED
        try:
            more = self._transport.read(fd, ANSWER_MAX_BYTES - (0 if joins else len(answer)))
        except BlockingIOError:
            return
        except OSError as error:
            self._refuse(fd, errno_name(error))
            return
        except TlsFailed as error:
            self._refuse(fd, str(error))
            return
        if joins and more:
            self._take_stream(fd, kind, self._joining[fd], more)
            return
        answer += more
        if b"\r\n\r\n" in answer:
            refusal = self._handshake.refusal(answer)
            joining = self._joining.get(fd)
            if refusal:
                self._refuse(fd, refusal)
            elif joining is None:
                self._is_open(fd, kind)
            else:
                self._under_way[fd] = kind, _ANSWERED, began_s
                self._join(fd, kind, joining, joining.begin())
                behind = answer.partition(b"\r\n\r\n")[2]
                if behind and fd in self._joining:
                    self._take_stream(fd, kind, joining, behind)
        elif not more and joins:
            self._refuse(fd, "closed before it had joined")
        elif not more or len(answer) >= ANSWER_MAX_BYTES:
            self._refuse(fd, "closed without an answer" if not more else "an answer that is too long")
        else:
            self._under_way[fd] = kind, answer, began_s

    def _connect(self, kind: type[Parked]) -> None:
        try:
            fd = self._connector.connect(kind)
        except OSError as error:
            self.refused[errno_name(error)] += 1
            return
        self._under_way[fd] = kind, b"", time.monotonic()
        if kind.opens:
            self._ask(fd, self._epoll.register)
        else:
            self._epoll.register(fd, select.EPOLLOUT)

    def _ask(self, fd: int, listen: Callable[[int, int], None]) -> None:
        """Send the request if the kernel takes it by now, as over loopback it does at once.

        ``listen``: how epoll is told what this descriptor waits for.
        """
        name = new_client_name() if self._personal else ""
        try:
            self._transport.write(fd, self._handshake.request(name))
        except BlockingIOError:
            listen(fd, select.EPOLLOUT)  # not connected yet
            return
        except OSError as error:
            self._refuse(fd, errno_name(error))
            return
        listen(fd, select.EPOLLIN)
        if (joining := self._handshake.joining(name)) is not None:
            self._joining[fd] = joining

    def _join(self, fd: int, kind: type[Parked], joining: ClientJoining, out: bytes) -> None:
        """Send what the client has to say by now; it is open once it waits for nothing more."""
        try:
            if out:
                self._transport.write(fd, out)
        except OSError as error:
            self._refuse(fd, errno_name(error))
            return
        if joining.over:
            self._is_open(fd, kind)

    def _take_stream(self, fd: int, kind: type[Parked], joining: ClientJoining, data: bytes) -> None:
        try:
            out = joining.receive(data)
        except (JoinRefused, ProtocolError) as error:
            self._refuse(fd, f"refused to join: {error}"[:_REASON_MAX])
            return
        self._join(fd, kind, joining, out)

    def _is_open(self, fd: int, kind: type[Parked]) -> None:
        self._forget(fd)
        self._opened(fd, kind)

    def _refuse(self, fd: int, reason: str) -> None:
        self._drop(fd, self.refused, reason)

    def _drop(self, fd: int, counts: Counter[str], why: str) -> None:
        self._forget(fd)
        counts[why] += 1
        os.close(fd)

    def _forget(self, fd: int) -> None:
        del self._under_way[fd]
        self._joining.pop(fd, None)
        self._transport.forget(fd)


def _given(answer: bytes) -> str:
    """What a client was given in the time that it waits."""
    if answer is _ANSWERED:
        given = "no message that they wait for"
    else:
        given = f"{'half an answer' if answer else 'no answer'} to the opening handshake"
    return f"{given} within {HANDSHAKE_S:g} s"
