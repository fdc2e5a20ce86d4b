"""What the kernel reports of a unix socket's other end, compared with what this process knows."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from stallsim.errors import Unavailable
from stallsim.kernel.queues import receive_queue
from stallsim.kernel.unix_diag import UnixDiag, inode_of
from stallsim.kernel.unix_snapshot import UnixReader

pytestmark = pytest.mark.loopback


@pytest.fixture
def diag() -> Iterator[UnixDiag]:
    try:
        asked = UnixDiag()
    except Unavailable as missing:
        pytest.skip(str(missing))
    with asked:
        yield asked


def test_both_ends_name_each_other_until_one_is_gone(diag: UnixDiag) -> None:
    own, other = socket.socketpair(socket.AF_UNIX)
    with own:
        with other:
            assert diag.peer_of(inode_of(own)) == inode_of(other)
            assert diag.peer_of(inode_of(other)) == inode_of(own)
        assert diag.peer_of(inode_of(own)) is None


def test_there_is_room_until_a_write_is_refused(diag: UnixDiag) -> None:
    own, server = socket.socketpair(socket.AF_UNIX)
    with own, server:
        server.setblocking(False)
        reader = UnixReader(own, lambda: 0, diag)
        assert (reader.read().rcv_wnd_bytes or 0) > 0
        written = 0
        with suppress(BlockingIOError):
            while True:
                written += server.send(b"x" * 1000)
        seen = reader.read()
        assert seen.rcv_wnd_bytes == 0
        assert seen.own.rcvq_bytes == seen.own.info.bytes_received == receive_queue(own) == written
        assert seen.peer is not None
        assert seen.peer.inode == inode_of(server)
        own.recv(written)
        assert (reader.read().rcv_wnd_bytes or 0) > 0
        server.close()
        assert reader.read().peer is None
