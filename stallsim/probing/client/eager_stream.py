"""A TCP stream that takes everything that is there in one call.

A client that will stall has a receive buffer of some kilobytes. Each time that it reads, its kernel opens
the window and, over loopback, the server's kernel fills it again before the call returns. A client that
read once for each turn of trio's loop would therefore be slower than its server on a busy machine, and
would fall behind before its stall begins.
"""

import socket

import trio

READ_BYTES = 65536


class EagerStream(trio.abc.HalfCloseableStream):
    """A ``trio.SocketStream`` whose ``receive_some`` reads until nothing is left, or until it has read as
    much as it may.
    """

    def __init__(self, sock: trio.socket.SocketType) -> None:
        self._stream = trio.SocketStream(sock)
        self._raw: socket.socket = sock._sock  # type: ignore[attr-defined]  # is read without waiting
        self._error: OSError | None = None
        """An error that followed the bytes of the last call. The kernel reports each error once."""

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """At most ``max_bytes`` bytes, or ``READ_BYTES``; b"" after the peer's FIN. Raises as
        ``SocketStream`` does.
        """
        if self._error is not None:
            raise trio.BrokenResourceError(str(self._error)) from self._error
        room = READ_BYTES if max_bytes is None else max_bytes
        data = bytes(await self._stream.receive_some(room))
        parts, room = [data], room - len(data)
        while parts[-1] and room:
            try:
                parts.append(self._raw.recv(room))
            except BlockingIOError:
                break
            except OSError as error:
                self._error = error
                break
            room -= len(parts[-1])
        return b"".join(parts)

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await self._stream.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self._stream.wait_send_all_might_not_block()

    async def send_eof(self) -> None:
        await self._stream.send_eof()

    async def aclose(self) -> None:
        await self._stream.aclose()
