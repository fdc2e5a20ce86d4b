"""Models a browser between its socket and its page: how it reads, and what its pipe holds.

Measured on Chromium 156 (docs/browsers.md): the network process reads until more than 131,000 bytes of
payload wait for the page; 1,000 bytes at a time from a slow stream, 131,000 from a fast one.
"""

import socket
from collections import deque
from enum import Enum

from ..measured import PIPE_BYTES
from ._base import ClientEnd
from ._websocket import RawWebSocket

_SMALL_READ, _LARGE_READ = 1000, PIPE_BYTES
_LARGE_ABOVE_RATE = 1_200_000
_RATE_READS = 100
DRAIN_RATE = 100_000_000
"""Bytes per second that a renderer takes from the waiting bytes."""
_KEEPALIVE_S = 45
"""Idle time and interval of SO_KEEPALIVE in seconds; most programs leave it off."""


class Asleep(Enum):
    """The part of a browser that is asleep."""

    TAB = "tab"
    """The page is frozen; the browser's network process reads on until its pipe is full."""
    SCRIPT = "script"
    """The page's JavaScript is busy (a debugger, ``alert()``). As TAB, but the page drains in any case."""
    PROCESS = "process"
    """The network process itself is suspended (SIGSTOP, laptop lid): reading stops at once."""


class Browser:
    """Reads into a pipe of 131,000 payload bytes; the page takes from it, or is asleep."""

    def __init__(self, end: ClientEnd, websocket: RawWebSocket) -> None:
        self._end, self._websocket = end, websocket
        self._pipe: deque[tuple[int, int]] = deque()  # (wire bytes, payload bytes) of each read
        self._reads: deque[tuple[float, int]] = deque(maxlen=_RATE_READS)
        self._recent_bytes = 0
        self._next_read = _SMALL_READ
        self._allowed_bytes = 0.0
        self.unread_payload = 0
        _keep_alive(end.sock)

    @property
    def pipe_full(self) -> bool:
        """Whether more payload waits for the page than the network process allows."""
        return self.unread_payload > PIPE_BYTES

    async def read(self) -> bool:
        """Read until the kernel has no more bytes or the pipe is full; False once the connection has
        ended.
        """
        while True:
            if self._allowed_bytes >= 1:
                self._page_takes_what_the_rate_allows()
            if self.pipe_full:
                return True
            data = self._end.recv(self._next_read)
            if not data:
                return data is None
            self._note_read(len(data))
            payload = await self._websocket.feed(data)
            self._pipe.append((len(data), payload))
            self._end.held_bytes += len(data)
            self.unread_payload += payload

    async def awake_until(self, tick: int) -> bool:
        """Read everything until that tick, and let the page take it; False once the
        connection has ended.
        """
        while self._end.tick < tick:
            if not await self.read():
                return False
            self._page_takes_all()
            await self._end.turn()
        return True

    async def sleep_until(self, tick: int, asleep: Asleep) -> None:
        """Fall asleep, read on as that kind of sleep requires, and wake at that tick."""
        end = self._end
        end.sleeps(asleep.value)
        if asleep is not Asleep.PROCESS:
            while end.tick < tick and await self.read() and not self.pipe_full:
                await end.turn()
        if end.tick < tick:
            end.stops_reading()
            await end.until(tick)

    async def drain(self, rate: int) -> None:
        """Let the page take the waiting bytes, no faster than ``rate``, until it has caught up."""
        last = self._end.now - self._end.tick_s
        open_ = True
        while open_:
            now = self._end.now
            self._allowed_bytes = (now - last) * rate
            last = now
            open_ = await self.read()
            if not self.unread_payload:
                return
            await self._end.turn()

    def _page_takes_all(self) -> None:
        """Let the page take everything: it is awake and has caught up."""
        self._pipe.clear()
        self._end.held_bytes = self.unread_payload = 0
        self._allowed_bytes = 0.0

    def _page_takes_what_the_rate_allows(self) -> None:
        while self._pipe and self._allowed_bytes >= 1:
            wire, payload = self._pipe.popleft()
            taken = min(payload, int(self._allowed_bytes))
            if taken < payload:  # the page takes a part, and of the frames' headers as much
                part = wire * taken // payload
                self._pipe.appendleft((wire - part, payload - taken))
                wire = part
            self._allowed_bytes -= taken
            self._end.held_bytes -= wire
            self.unread_payload -= taken

    def _note_read(self, size: int) -> None:
        """Choose the size of the next read: large if the last 100 reads came faster than 1.2 MB/s. Since
        this is decided after each read, the first read after a sleep has the size from before it.
        """
        now = self._end.now
        if len(self._reads) == _RATE_READS:
            self._recent_bytes -= self._reads[0][1]
        self._reads.append((now, size))
        self._recent_bytes += size
        many = len(self._reads) == _RATE_READS
        fast = many and self._recent_bytes > _LARGE_ABOVE_RATE * (now - self._reads[0][0])
        self._next_read = _LARGE_READ if fast else _SMALL_READ


def _keep_alive(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, True)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEPALIVE_S)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _KEEPALIVE_S)
