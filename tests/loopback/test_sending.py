"""What a session says outside of its frames is said whole, or not at all."""

import socket

import pytest

from stallsim.habits import WriteMode
from stallsim.server.policies.unbounded import Unbounded
from stallsim.server.sending import Sending

pytestmark = pytest.mark.loopback


@pytest.fixture
def pair() -> tuple[socket.socket, socket.socket]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    return ours, theirs


def test_a_handshake_that_the_kernel_does_not_take_is_an_error(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    with ours, theirs:
        sending = Sending(ours, Unbounded(), WriteMode.UNTIL_REFUSED, 0.0)
        sending.say(b"hello")
        assert theirs.recv(100) == b"hello"
        assert sending.outbox.accepted_bytes == 0
        with pytest.raises(ConnectionAbortedError):
            sending.say(bytes(10_000_000))
        with pytest.raises(ConnectionAbortedError):
            sending.say(b"x")
