"""The witness's bytes and silences: control frames do not count, and nothing counts twice."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import pytest
import trio

from stallsim.kernel.snapshot import read_receiver
from stallsim.probing.client.stream_client import StreamClient
from stallsim.probing.observe.witness_stream import WitnessStream

from .connections import deliver

pytestmark = pytest.mark.loopback
PONG = b"\x8a\x02ab"
MESSAGE = b"\x82\x7e\x03\xe8" + bytes(1000)


@dataclass
class Connection:
    sock: socket.socket
    alive: bool = True


class Told:
    """A server's end, and as much of a client as a flow needs; what is sent is there at once."""

    def __init__(self, sending: socket.socket, receiving: socket.socket) -> None:
        self.sending, self.connection = sending, Connection(receiving)
        self.now = self.last_message_s = 100.0

    def send(self, data: bytes) -> None:
        deliver(data, self.sending, self.connection.sock)

    def read(self, *, message: bool) -> None:
        """All of it, a part of a message or not."""
        self.connection.sock.recv(65536)
        if message:
            self.last_message_s = self.now

    def later(self) -> None:
        self.now += 1.0


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sending = socket.create_connection(listening.getsockname())
        receiving, _ = listening.accept()
    with sending, receiving:
        made = Told(sending, receiving)
        monkeypatch.setattr(trio, "current_time", lambda: made.now)
        yield made


@pytest.fixture
def look(told: Told) -> Callable[[], tuple[int, float]]:
    watching = WitnessStream(cast(StreamClient, told))

    def look_later() -> tuple[int, float]:
        told.later()
        return watching.look(read_receiver(told.connection.sock))

    return look_later


Look = Callable[[], tuple[int, float]]


def test_messages_are_counted_and_pongs_are_not(told: Told, look: Look) -> None:
    told.send(MESSAGE)
    told.read(message=True)
    before, _ = look()
    for _ in range(5):
        told.send(PONG)
        told.read(message=False)
        assert look()[0] == before
    assert look()[1] == told.now - told.last_message_s
    told.send(MESSAGE)
    told.read(message=True)
    assert look()[0] == before + len(MESSAGE)


def test_an_unread_pong_ends_no_silence(told: Told, look: Look) -> None:
    before, _ = look()
    look()
    told.send(PONG)
    assert look() == (before, told.now - told.last_message_s)
    told.read(message=False)
    assert look() == (before, told.now - told.last_message_s)


def test_what_is_not_read_yet_is_counted_once_and_ends_a_silence(told: Told, look: Look) -> None:
    before, _ = look()
    look()
    told.send(MESSAGE)
    for _ in range(3):
        bytes_, idle_s = look()
        assert bytes_ == before + len(MESSAGE)
        assert idle_s < told.now - told.last_message_s
    told.read(message=True)
    assert look()[0] == before + len(MESSAGE)


def test_a_small_message_is_counted_once_it_is_read(told: Told, look: Look) -> None:
    before, _ = look()
    look()
    told.send(b"\x82\x01x")
    assert look()[0] == before
    told.read(message=True)
    told.now += 0.5
    assert look()[0] == before + 3


def test_a_closed_client_keeps_its_counts(told: Told, look: Look) -> None:
    told.send(MESSAGE)
    before, _ = look()
    told.connection.alive = False
    assert look() == (before, 0.0)
