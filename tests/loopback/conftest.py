import socket
from typing import Any

import pytest

from stallsim.clients import ClientEnd
from stallsim.profile.scenario import ServerSpec
from stallsim.server import listener
from tests.pure.command_line import CommandLine


@pytest.fixture
def listened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where the runs of this test have listened, the latest last."""
    addresses: list[tuple[str, int]] = []
    listen = listener.listen

    def note(spec: ServerSpec) -> socket.socket:
        listening = listen(spec)
        addresses.append(listening.getsockname())
        return listening

    monkeypatch.setattr("stallsim.runner.attempt.listen", note)
    return addresses


@pytest.fixture
def client_ends(monkeypatch: pytest.MonkeyPatch) -> list[ClientEnd]:
    """The clients' ends of this test's runs, in the order of their connections."""
    ends: list[ClientEnd] = []

    def make(*arguments: Any) -> ClientEnd:
        ends.append(ClientEnd(*arguments))
        return ends[-1]

    monkeypatch.setattr("stallsim.runner.opening.ClientEnd", make)
    return ends


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line, in this process."""
    return CommandLine(monkeypatch, capsys)
