"""A session gives the kernel all bytes, or an error, which is not lost."""

import errno
import os
import socket

import pytest
from msgspec.structs import asdict

from stallsim.kinds import EventKind, Phase
from stallsim.profile.habits import WriteMode
from stallsim.server.defence import Defence
from stallsim.server.policies.unbounded import Unbounded
from stallsim.server.sending import Sending
from stallsim.server.session import Session
from stallsim.timeline.sample import Refusal

from .serving import PLAIN, Report

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
        sending.send_uncounted(b"hello")
        assert theirs.recv(100) == b"hello"
        assert sending.outbox.accepted_bytes == 0
        with pytest.raises(ConnectionAbortedError):
            sending.send_uncounted(bytes(10_000_000))
        with pytest.raises(ConnectionAbortedError):
            sending.send_uncounted(b"x")


def test_more_pings_than_one_call_takes_wait_and_are_sent(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    pings = 5_000  # IOV_MAX is 1,024
    with ours, theirs:
        sending = Sending(ours, Unbounded(), WriteMode.UNTIL_REFUSED, 0.0)
        for _ in range(pings):
            sending.control(b"\x89\x01p")
        while sending.write(0.0):
            assert sending.refusal is Refusal.NONE
        assert sending.empty
        assert sending.outbox.accepted_bytes == 3 * pings


def test_a_write_that_fails_ends_the_connection_even_if_the_peer_sent_nothing(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = pair
    report = Report()
    with ours, theirs:
        session = Session(ours, PLAIN, Defence(Unbounded()), report)
        session.sending.control(b"\x89\x00")

        def out_of_memory() -> Refusal:
            raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))

        monkeypatch.setattr(session.sending.outbox, "send", out_of_memory)
        session.write(0.0)
        assert session.ended is Phase.RESET
        assert asdict(report.whats[EventKind.ENDED])["error"] == os.strerror(errno.ENOBUFS)
