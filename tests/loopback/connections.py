"""Plain TCP connections with both ends in this process, as test objects for readings from outside."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from stallsim.kernel.sock_diag import Address
from stallsim.kernel.tcp_info import read_tcp_info


class Connection(NamedTuple):
    """Both ends, and their addresses, which outlive them."""

    client: socket.socket
    server: socket.socket
    client_at: Address
    server_at: Address


def listen(host: str) -> socket.socket:
    return socket.create_server((host, 0), family=family_of(host), dualstack_ipv6=host == "::")


def connect(listener: socket.socket, host: str) -> socket.socket:
    """A client with a small receive buffer; nobody has accepted it yet."""
    client = socket.socket(family_of(host))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    try:
        client.connect((host, listener.getsockname()[1]))
    except BaseException:
        client.close()
        raise
    return client


@contextmanager
def connected(listener: socket.socket, host: str) -> Iterator[Connection]:
    with connect(listener, host) as client, listener.accept()[0] as server:
        server.setblocking(False)
        yield Connection(client, server, client.getsockname(), client.getpeername())


def write_until_refused(sock: socket.socket) -> None:
    try:
        while True:
            sock.send(bytes(65536))
    except BlockingIOError:
        pass


def until(holds: Callable[[], bool]) -> None:
    """Ask and ask again."""
    deadline_s = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline_s, "it never came to be"


def deliver(data: bytes, sender: socket.socket, receiver: socket.socket) -> None:
    """Send, and return when the other end's kernel has it. Over loopback the call that sends hands the
    segments over itself, unless other traffic keeps the softirq busy: then ksoftirqd does so later.
    """
    had = read_tcp_info(receiver).bytes_received
    sender.sendall(data)
    until(lambda: read_tcp_info(receiver).bytes_received == had + len(data))


def family_of(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
