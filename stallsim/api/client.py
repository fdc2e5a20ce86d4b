"""A WebSocket client that has stopped reading, in the hands of a trio program."""

import trio

from ..errors import StallsimError
from ..probing.client.ended import Ended
from ..probing.client.reader import Reader
from ..probing.client.stream_client import StreamClient
from ..probing.options.messages import Content, to_message
from ..probing.stalls import Stall
from .queues import Kernels, Queues

_LOOK_S = 0.02


class StalledClient:
    """Made by ``open_stalled``; aborted (RST) when its block is left."""

    def __init__(self, stream_client: StreamClient, reader: Reader, kernels: Kernels, stall: Stall) -> None:
        self._stream_client, self._reader = stream_client, reader
        self._kernels, self._stall = kernels, stall

    @property
    def read_bytes(self) -> int:
        """Bytes that the client has read since the opening handshake; with TLS, after decryption."""
        return self._reader.read_bytes

    @property
    def messages(self) -> int:
        """The number of whole messages that the client has read."""
        return self._stream_client.log.messages

    @property
    def ended(self) -> Ended | None:
        """How the connection ended, as far as this client has read; None if it goes on."""
        return self._stream_client.ended

    def queues(self) -> Queues:
        """Both kernels' queues, read now."""
        return self._kernels.read()

    async def wait_stalled(self) -> Queues:
        """Return when the kernel confirms the stall, as in a run, and the client's window is shut.

        A client that has not read its first ``after`` bytes is not stalled, however full its kernel is.
        The method waits while the server sends too little to fill the kernels. Raises StallsimError if
        there can be no stall any more.
        """
        if self._stall.reads_all:
            raise StallsimError(f"a client that {self._stall.does} does not stall in the kernel")
        while True:
            confirmed, now = self._kernels.look_for_a_stall(), self.queues()
            reads_on = self._reader.may_read and not self._stall.healthy
            if confirmed and now.window_shut and not reads_on:
                return now
            if self.ended is not None:
                raise StallsimError(f"the connection ended ({self.ended.how}) before a stall was confirmed")
            await trio.sleep(_LOOK_S)

    def wake(self) -> None:
        """Read everything from now on, and answer Pings."""
        self._reader.wake()

    def stall(self) -> None:
        """Stop reading (again), once the read that is under way is over."""
        self._stream_client.pongs = False
        self._reader.read_no_more_than(0)

    async def wait_messages(self, count: int) -> int:
        """Return once ``count`` messages have been read, or the connection has ended;
        return their number.
        """
        while self.messages < count and self.ended is None:
            await self._reader.progress()
        return self.messages

    async def wait_ended(self) -> Ended:
        """Return when this client has read to the end of the connection: it must be awake for that."""
        while self.ended is None:
            await self._reader.progress()
        return self.ended

    async def send(self, message: Content) -> None:
        """A text message to the server, or a binary one; returns when the kernel has taken it. Raises
        StallsimError if the connection has ended before.
        """
        made = to_message("send", message)
        if not self._stream_client.protocol.two_way:
            raise StallsimError("send: a client of this protocol sends nothing after its request")
        self._stream_client.send(made)
        await self._stream_client.outbox.drained()
        if self._stream_client.outbox.over:
            how = "it is closed" if self.ended is None else self.ended.how
            raise StallsimError(f"send: the connection has ended ({how}), and the message was not sent")

    def abort(self) -> None:
        """Be gone with RST, at once, as a killed process with unread bytes is."""
        self._kernels.read()
        self._stream_client.abort()
        self._reader.read_all()
