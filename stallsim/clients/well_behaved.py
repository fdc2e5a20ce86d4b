"""The baseline: reads everything as it comes. Built on trio-websocket, so that a library that we did
not write checks our server.
"""

from typing import ClassVar

import trio
import trio_websocket
from wsproto.utilities import LocalProtocolError

from ..units import FRAME_MAX
from ._base import Client, ClientEnd, Stalls

_RECEIVE_BYTES = 65536


class WellBehaved(Client, frozen=True):
    """Reads at once, answers every Ping, closes properly: what a server's author tests with.

    On the wire: the window stays open, the server's send queue stays empty.
    """

    stalls: ClassVar[Stalls] = Stalls.NEVER
    healthy: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.deflate:
            raise ValueError("deflate: trio-websocket, on which this client is built, has no extensions")

    async def behave(self, end: ClientEnd) -> None:
        try:
            await self._talk(end)
        except* LocalProtocolError:
            pass  # trio-websocket 0.12 answers a Ping that comes after its own Close, and trips over it
        end.close()

    async def _talk(self, end: ClientEnd) -> None:
        host, port = end.address
        stream: trio.abc.Stream = _EndStream(end)
        if end.context is not None:
            stream = trio.SSLStream(stream, end.context, server_hostname=host, https_compatible=True)
        async with trio.open_nursery() as nursery:
            websocket = await trio_websocket.wrap_client_stream(
                nursery,
                stream,  # type: ignore[arg-type]  # its docstring says: any trio stream
                f"{host}:{port}",
                "/",
                receive_buffer_size=_RECEIVE_BYTES,
                max_message_size=FRAME_MAX,
            )
            end.open()
            try:
                with end.over:
                    while True:
                        message = await websocket.get_message()
                        end.received(message.encode() if isinstance(message, str) else message)
                await websocket.aclose(1001)
            except trio_websocket.ConnectionClosed:
                pass  # the server has ended the connection, and reports how


class _EndStream(trio.abc.Stream):
    """A ClientEnd as the stream that trio-websocket reads: it gets bytes only in its turn."""

    def __init__(self, end: ClientEnd) -> None:
        self._end = end

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        while (data := self._end.recv(max_bytes or _RECEIVE_BYTES)) is None:
            await self._end.turn()
        return data

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await self._end.send(bytes(data))

    async def wait_send_all_might_not_block(self) -> None:
        await trio.lowlevel.checkpoint()

    async def aclose(self) -> None:
        self._end.close()
