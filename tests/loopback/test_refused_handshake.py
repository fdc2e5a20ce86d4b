"""An opening handshake that the kernel refuses ends the run with one line, and is not waited for."""

import errno
import socket

import pytest
import trio

from stallsim.errors import EnvironmentUnfit
from stallsim.profile.load import load_profile
from stallsim.runner import opening
from stallsim.runner.execute import Execution
from stallsim.server import listener
from stallsim.server.sending import Sending

pytestmark = pytest.mark.loopback


def refused(message: str) -> None:
    execution = Execution(load_profile("no-pong", ("stack.private=false",)))
    with pytest.raises(EnvironmentUnfit, match=message):
        execution.execute()


def test_an_answer_that_the_kernel_does_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise ConnectionAbortedError(errno.ECONNABORTED, "aborted")

    monkeypatch.setattr(Sending, "send_uncounted", no_room)
    refused("an opening handshake over loopback")


def test_an_answer_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_HANDSHAKE_S", 0.05)
    monkeypatch.setattr(Sending, "send_uncounted", lambda *_: None)
    refused("an opening handshake over loopback")


def test_a_connection_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where connect(2) answers EAGAIN, which trio takes for EINPROGRESS."""

    async def accept(*_: object) -> socket.socket:
        await trio.sleep_forever()
        raise AssertionError

    monkeypatch.setattr(opening, "_HANDSHAKE_S", 0.05)
    monkeypatch.setattr(listener, "accept_from", accept)
    refused("an opening handshake over loopback")
