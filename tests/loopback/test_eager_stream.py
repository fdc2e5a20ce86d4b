"""One read takes all bytes that are there, and an error behind these bytes is not lost."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import trio

from stallsim.kernel import options
from stallsim.probing.client.eager_stream import EagerStream

pytestmark = pytest.mark.loopback


@contextmanager
def connected(rcvbuf: int) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A connected pair over loopback: the first end's buffer is small."""
    with socket.socket() as listener, socket.socket() as own:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        options.set_rcvbuf(own, rcvbuf)
        own.connect(listener.getsockname())
        peer, _ = listener.accept()
        options.set_sndbuf(peer, 100_000)  # takes all that is sent, though nobody reads
        with peer:
            own.setblocking(False)
            yield own, peer


async def test_one_call_takes_more_than_the_receive_buffer_holds() -> None:
    with connected(rcvbuf=4096) as (own, peer):
        peer.sendall(bytes(60_000))
        stream = EagerStream(trio.socket.from_stdlib_socket(own.dup()))
        assert len(await stream.receive_some()) > 4 * 4096
        await stream.aclose()


async def test_no_more_is_taken_than_is_allowed() -> None:
    with connected(rcvbuf=4096) as (own, peer):
        peer.sendall(bytes(60_000))
        stream = EagerStream(trio.socket.from_stdlib_socket(own.dup()))
        assert len(await stream.receive_some(10_000)) == 10_000
        assert len(await stream.receive_some(1)) == 1
        await stream.aclose()


async def test_the_bytes_before_a_fin_come_before_it() -> None:
    with connected(rcvbuf=4096) as (own, peer):
        peer.sendall(b"last")
        peer.shutdown(socket.SHUT_WR)
        stream = EagerStream(trio.socket.from_stdlib_socket(own.dup()))
        assert await stream.receive_some() == b"last"
        assert await stream.receive_some() == b""
        await stream.aclose()


async def test_an_error_behind_the_bytes_is_raised_by_the_next_call() -> None:
    class Broken:
        """A socket that gives its bytes once, and then the error that the kernel reports only once."""

        def recv(self, size: int) -> bytes:
            raise ConnectionResetError("reset")

    with connected(rcvbuf=4096) as (own, peer):
        peer.sendall(b"last")
        stream = EagerStream(trio.socket.from_stdlib_socket(own.dup()))
        stream._raw = Broken()  # type: ignore[assignment]
        assert await stream.receive_some() == b"last"
        with pytest.raises(trio.BrokenResourceError, match="reset"):
            await stream.receive_some()
        await stream.aclose()
