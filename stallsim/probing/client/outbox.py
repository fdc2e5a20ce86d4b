"""Bytes that one client is to send: ``put`` stores them at once, and they are sent when the kernel accepts
them.

Reading never waits for sending. Otherwise a server that does not read while it writes and a client that
does not read while it answers would wait for each other for ever.
"""

import trio

_ROOM_BYTES = 65536


class ClientOutbox:
    """Once the connection has ended, the outbox drops its bytes and raises nothing."""

    def __init__(self, stream: trio.abc.SendStream) -> None:
        self._stream = stream
        self._waiting = bytearray()
        self._sending = False
        self.over = False
        """Whether bytes are dropped, since the connection has ended or ``run`` has."""
        self._changed = trio.Event()

    @property
    def idle(self) -> bool:
        """Whether the kernel has accepted all bytes."""
        return not (self._waiting or self._sending)

    @property
    def has_room(self) -> bool:
        """Whether few bytes wait. If many do, a Pong may be left out: only the latest Ping must be
        answered (RFC 6455 5.5.3).
        """
        return len(self._waiting) < _ROOM_BYTES

    def put(self, data: bytes) -> None:
        """Append bytes to those that wait."""
        if not self.over:
            self._waiting += data
            self._change()

    async def send_waiting(self) -> None:
        """Send all waiting bytes, including those added meanwhile; return when the kernel has accepted
        them.
        """
        while self._waiting:
            data, self._waiting = bytes(self._waiting), bytearray()
            self._sending = True
            try:
                await self._stream.send_all(data)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                self._end()
            finally:
                self._sending = False
        self._change()

    async def run(self) -> None:
        """Send the bytes that are put here, until cancelled."""
        try:
            while True:
                await self.send_waiting()
                await self._changed.wait()
        finally:
            self._end()

    async def drained(self) -> None:
        """Return when the kernel has accepted all bytes, or the outbox is ``over``."""
        while not self.idle:
            await self._changed.wait()

    def _end(self) -> None:
        self.over = True
        self._waiting.clear()
        self._change()

    def _change(self) -> None:
        self._changed.set()
        self._changed = trio.Event()
