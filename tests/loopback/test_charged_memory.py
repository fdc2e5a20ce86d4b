"""The charged memory by sock_diag is compared with the count of pages in /proc/net/sockstat."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from stallsim.fleet.kernel_memory import KernelMemoryReader
from stallsim.timeline.fleet.looks import KernelMemory

pytestmark = [pytest.mark.loopback, pytest.mark.alone]

CONNECTIONS, ATTEMPTS = 20, 3
LISTENING = {"127.0.0.1": "127.0.0.1", "::1": "::1", "IPv4 at a socket of both": "::"}


def machine_bytes() -> int:
    """Other programs' TCP is in it."""
    lines = Path("/proc/net/sockstat").read_text().splitlines()
    words = next(line.split() for line in lines if line.startswith("TCP:"))
    return int(words[words.index("mem") + 1]) * resource.getpagesize()


@contextmanager
def full_connections(listens: str) -> Iterator[tuple[str, int]]:
    """The server has written until its kernel took no more, and no client has read."""
    with ExitStack() as opened:
        family = socket.AF_INET6 if ":" in listens else socket.AF_INET
        listener = socket.create_server((listens, 0), family=family, dualstack_ipv6=listens == "::")
        opened.enter_context(listener)
        host, port = "127.0.0.1" if listens == "::" else listens, listener.getsockname()[1]
        for _ in range(CONNECTIONS):
            opened.enter_context(socket.create_connection((host, port)))
            server, _ = listener.accept()
            opened.enter_context(server)
            server.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    server.send(bytes(65536))
        yield host, port


def read(host: str, port: int) -> KernelMemory:
    reader = KernelMemoryReader(host, port)
    found = reader.read()
    reader.close()
    assert found is not None
    return found


@pytest.mark.parametrize("listens", LISTENING.values(), ids=LISTENING)
def test_both_ends_together_are_what_the_machine_s_count_of_pages_grows_by(listens: str) -> None:
    """Another program may move the machine's count meanwhile, so one of three must agree."""
    differences = []
    for _ in range(ATTEMPTS):
        before = machine_bytes()
        with full_connections(listens) as (host, port):
            found, grown = read(host, port), machine_bytes() - before
        assert found.server is not None
        assert (found.server.sockets, found.clients.sockets) == (CONNECTIONS, CONNECTIONS)
        assert min(found.server.charged_bytes, found.clients.charged_bytes) > CONNECTIONS * 1024
        differences.append(abs(found.charged_bytes - grown) / found.charged_bytes)
        if differences[-1] < 0.2:
            return
    pytest.fail(f"{differences}")


def test_other_sockets_of_that_port_are_not_in_it() -> None:
    with full_connections("127.0.0.1") as (_, port):
        elsewhere = read("127.0.0.9", port)
    assert (elsewhere.clients.sockets, elsewhere.server) == (0, None)
