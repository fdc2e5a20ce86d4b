"""A client's end counts as at rest only if no bytes arrive while its queue and counts are read."""

import socket
from types import SimpleNamespace
from typing import cast

import pytest

from stallsim.kernel import queues, snapshot
from stallsim.runner.connection import Connection

from .connections import connected, deliver, listen

pytestmark = pytest.mark.loopback
HOST = "127.0.0.1"


@pytest.mark.parametrize("arrives", [False, True])
def test_bytes_that_arrive_after_the_queue_was_read_show(
    arrives: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine at a load of 35 stopped this program there: "10,200 bytes are not conserved"."""
    with listen(HOST) as listener, connected(listener, HOST) as (own, peer, _, _):
        deliver(bytes(1000), peer, own)  # a queue that is empty is not read

        def queue_before_more_arrives(sock: socket.socket) -> int:
            unread = queues.receive_queue(sock)
            if arrives:
                deliver(bytes(1000), peer, own)
            return unread

        monkeypatch.setattr(snapshot, "receive_queue", queue_before_more_arrives)
        connection = cast("Connection", SimpleNamespace(end=SimpleNamespace(reading=None, sock=own)))
        assert Connection._read_receiver(connection, settled=False) is not arrives
