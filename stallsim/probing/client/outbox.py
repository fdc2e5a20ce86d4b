"""What one client is to send: put here at once, and given to the kernel when that takes it.

Who reads never waits for who sends. Else a server that reads no more while it writes, and a client that
writes no more while it answers, would wait for each other for good.
"""

import trio

_ROOM_BYTES = 65536


class ClientOutbox:
    """Raises nothing where the connection is over: there is nobody left to send to."""

    def __init__(self, stream: trio.abc.SendStream) -> None:
        self._stream = stream
        self._waiting = bytearray()
        self._sending = False
        self._over = False
        self._changed = trio.Event()

    @property
    def idle(self) -> bool:
        """Whether the kernel has taken everything."""
        return not (self._waiting or self._sending)

    @property
    def has_room(self) -> bool:
        """Whether little waits: of many Pings only the last need be answered (RFC 6455 5.5.3)."""
        return len(self._waiting) < _ROOM_BYTES

    def put(self, data: bytes) -> None:
        """Behind what waits already."""
        if not self._over:
            self._waiting += data
            self._change()

    async def send_waiting(self) -> None:
        """Give the kernel what is here, and what comes meanwhile; return when it has taken all."""
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
        """Return when the kernel has taken everything; ``run`` must be running."""
        while not self.idle:
            await self._changed.wait()

    def _change(self) -> None:
        self._changed.set()
        self._changed = trio.Event()
