import socket

import pytest

from stallsim.scenario import ServerSpec
from stallsim.server import listener


@pytest.fixture
def listened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where the runs of this test have listened, the latest last."""
    addresses: list[tuple[str, int]] = []
    listen = listener.listen

    def note(spec: ServerSpec) -> socket.socket:
        listening = listen(spec)
        addresses.append(listening.getsockname())
        return listening

    monkeypatch.setattr(listener, "listen", note)
    return addresses
