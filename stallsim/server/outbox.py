"""Writes started frames to the kernel without blocking."""

import select
import socket
from collections import deque
from itertools import islice
from typing import NamedTuple

from ..timeline.sample import Refusal
from .policies import Message

_PIECES_MAX = 1024
"""IOV_MAX of Linux: buffers that one ``sendmsg`` takes."""


class _Piece(NamedTuple):
    rest: bytes | memoryview
    message: Message | None
    """None for a control frame."""


class Outbox:
    """Writes pieces in order and counts the bytes that the kernel accepted."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._pieces: deque[_Piece] = deque()
        self._poll = select.poll()
        self._poll.register(sock, select.POLLOUT)
        self.unsent_bytes = 0
        self.messages = 0
        self.accepted_bytes = 0

    def __bool__(self) -> bool:
        return bool(self._pieces)

    @property
    def full(self) -> bool:
        """Whether one ``sendmsg`` could take no further piece."""
        return len(self._pieces) >= _PIECES_MAX

    def start(self, frame: bytes, message: Message | None = None) -> None:
        """Add a frame after those that have been started."""
        self._pieces.append(_Piece(frame, message))
        self.unsent_bytes += len(frame)
        self.messages += message is not None

    def writable(self) -> bool:
        """Whether epoll would report the socket as writable (EPOLLOUT: memory charged at most 2/3 of the
        buffer).
        """
        return bool(self._poll.poll(0))

    def send(self) -> Refusal:
        """Give the kernel all pieces that one call can take; EAGAIN if it accepted fewer bytes. Raises
        OSError.
        """
        rests = [piece.rest for piece in islice(self._pieces, _PIECES_MAX)]
        try:
            sent = self._sock.send(rests[0]) if len(rests) == 1 else self._sock.sendmsg(rests)
        except BlockingIOError:
            return Refusal.EAGAIN
        self.accepted_bytes += sent
        self.unsent_bytes -= sent
        if not self.unsent_bytes:  # as it is most of the time
            self._pieces.clear()
            self.messages = 0
            return Refusal.NONE
        offered, left = sum(map(len, rests)), sent
        while left:
            piece = self._pieces.popleft()
            if left < len(piece.rest):
                rest = memoryview(piece.rest)[left:]
                self._pieces.appendleft(_Piece(rest, piece.message))
            else:
                self.messages -= piece.message is not None
            left -= min(left, len(piece.rest))
        return Refusal.NONE if sent == offered else Refusal.EAGAIN

    def unstarted(self) -> list[Message]:
        """Remove and return, newest first, the messages of which the kernel accepted no byte."""
        back: list[Message] = []
        kept: list[_Piece] = []
        while self._pieces:
            piece = self._pieces.pop()
            if piece.message is not None and len(piece.rest) == len(piece.message.frame):
                back.append(piece.message)
                self.unsent_bytes -= len(piece.rest)
                self.messages -= 1
            else:
                kept.append(piece)
        self._pieces.extend(reversed(kept))
        return back

    def clear(self) -> None:
        """Discard the pieces that the kernel will never accept."""
        self._pieces.clear()
        self.unsent_bytes = self.messages = 0
