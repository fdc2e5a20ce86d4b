"""Bytes that one client is to send: they are put here at once, and sent when the kernel accepts them.

Reading never waits for sending. Otherwise a server that does not read while it writes, and a client that
does not read while it answers, would wait for each other for ever.
"""

import trio

_ROOM_BYTES = 65536


class ClientOutbox:
    """Raises nothing where the connection is over, since nobody can receive anything then."""

    def __init__(self, stream: trio.abc.SendStream) -> None:
        self._stream = stream
        self._waiting = bytearray()
        self._sending = False
        self._over = False
        self._changed = trio.Event()

    @property
    def idle(self) -> bool:
        """Whether the kernel has accepted everything."""
        return not (self._waiting or self._sending)

    @property
    def has_room(self) -> bool:
        """Whether little is waiting: of many Pings only the latest must be answered (RFC 6455 5.5.3)."""
        return len(self._waiting) < _ROOM_BYTES

    def put(self, data: bytes) -> None:
        """Append to what waits already."""
        if not self._over:
            self._waiting += data
            self._change()

    async def send_waiting(self) -> None:
        """Give the kernel all that waits, and what is added meanwhile; return when it has accepted
        everything.
        """
        while self._waiting:
            data, self._waiting = bytes(self._waiting), bytearray()
            self._sending = True
            try:
                await self._stream.send_all(data)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                self._over = True
                self._waiting.clear()
            finally:
                self._sending = False
        self._change()

    async def run(self) -> None:
        """Send whatever is put here, until cancelled."""
        while True:
            await self.send_waiting()
            await self._changed.wait()

    async def drained(self) -> None:
        """Return when the kernel has accepted everything; ``run`` must be running."""
        while not self.idle:
            await self._changed.wait()

    def _change(self) -> None:
        self._changed.set()
        self._changed = trio.Event()
