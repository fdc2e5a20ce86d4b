"""Every server of the table starts, streams what it should, and ends."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from urllib.request import urlopen

import psutil
import pytest

from .launch import Running, launched, missing
from .peer import Peer
from .table import PEERS

pytestmark = pytest.mark.loopback
client = pytest.importorskip("websockets.sync.client", reason="the package websockets is not installed")
ENVELOPE_MAX = 40
"""Round the payload: socket.io's ``42["message",""]``, or a name of the client's own."""
MESSAGES = 50
FIRST_OF_ITS_PACKAGES = [
    pytest.param(
        peer,
        marks=pytest.mark.nightly if any(one.packages == peer.packages for one in PEERS[:number]) else (),
        id=peer.name,
    )
    for number, peer in enumerate(PEERS)
]
"""By day one server of each library."""
OF_OTHER_TESTS = {"feed", "mended", "epoll_keeps_everything"}


def installed(peer: Peer) -> Peer:
    if reason := missing(peer):
        pytest.skip(reason)
    return peer


@contextmanager
def texts(running: Running) -> Iterator[Iterator[str]]:
    """By clients that we did not write: the package websockets, and urllib."""
    if running.peer.scheme == "http":
        with urlopen(running.url, timeout=10) as answer:
            yield (line.decode().rstrip("\n") for line in answer)
        return
    with client.connect(running.url, compression=None, close_timeout=0.1, ping_interval=None) as ws:
        for hello in running.peer.hello:
            ws.send(hello)
        yield iter(lambda: ws.recv(timeout=10), "")


@pytest.mark.parametrize("peer", FIRST_OF_ITS_PACKAGES)
def test_a_server_streams_numbers_that_grow_and_ends(peer: Peer) -> None:
    numbers: list[int] = []
    sizes: set[int] = set()
    with launched(installed(peer), STREAM_BYTES="1000") as running:
        group = [psutil.Process(running.process.pid)]
        with texts(running) as coming:
            while len(numbers) < MESSAGES:
                message = next(coming)
                if head := re.search(r"(\d{12}) \d{10}\.\d{6} ", message[:64]):
                    numbers.append(int(head[1]))
                    sizes.add(len(message))
            group += group[0].children(recursive=True)
    assert all(later > earlier for earlier, later in pairwise(numbers))
    assert max(sizes) - 1000 <= ENVELOPE_MAX
    assert min(sizes) >= 1000
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in group)


def test_a_server_that_can_not_start_says_why() -> None:
    peer = next(peer for peer in PEERS if peer.name == "websockets_broadcast")
    with (
        pytest.raises(ChildProcessError, match="ValueError"),
        launched(installed(peer), STREAM_INTERVAL_MS="soon"),
    ):
        pass


def test_each_file_has_its_row_and_each_row_its_file() -> None:
    folder = PEERS[0].file.parent
    files = {path for path in folder.glob("*.py") if path.stem not in OF_OTHER_TESTS}
    files |= {path for path in (folder.parent / "node").glob("*.js") if path.stem != "feed"}
    files |= set((folder.parent / "java").glob("*.java"))
    assert {peer.file for peer in PEERS} == files
    assert len({peer.name for peer in PEERS}) == len(PEERS)
