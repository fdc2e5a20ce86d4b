"""A snapshot of a connection whose queues change between the calls that read it."""

import socket

import pytest

from stallsim.kernel import snapshot
from stallsim.kernel.snapshot import ConnectionReader
from stallsim.kernel.tcp_info import TcpInfo, read_with_receive_window

from .connections import connected, deliver, listen

pytestmark = pytest.mark.loopback
HOST = "127.0.0.1"


def test_what_arrives_between_two_calls_is_not_unread_before_it_is_received(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As happens where this program is kept from running between the two: a recording of a probe had a
    client that had read -421,331 bytes, and was refused as damaged.
    """
    with listen(HOST) as listener, connected(listener, HOST) as (own, peer, _, _):
        reader = ConnectionReader(own, own.getsockname(), own.getpeername(), None)

        def read_while_bytes_arrive(sock: socket.socket) -> tuple[TcpInfo, int | None]:
            deliver(bytes(1000), peer, own)
            found = read_with_receive_window(sock)
            deliver(bytes(1000), peer, own)
            return found

        monkeypatch.setattr(snapshot, "read_with_receive_window", read_while_bytes_arrive)
        for _ in range(3):
            both = reader.read()
            assert 0 <= both.own.rcvq_bytes <= both.own.info.bytes_received
        assert both.own.rcvq_bytes == 4000, "of the two looks before"
