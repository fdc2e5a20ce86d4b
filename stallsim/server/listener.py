"""Accepts TCP connections on loopback; the session handles the opening handshake."""

import socket
from contextlib import suppress

import trio

from ..kernel import options
from ..profile.scenario import ServerSpec

LOOPBACK = "127.0.0.1"


def listen(spec: ServerSpec, port: int = 0) -> socket.socket:
    """A listening socket on that loopback port, or a free one, with the options that accepted sockets
    inherit.

    Raises EnvironmentUnfit if the congestion control is not available, OSError if the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        _prepare(listener, spec, port)
    except BaseException:
        listener.close()
        raise
    return listener


def _prepare(listener: socket.socket, spec: ServerSpec, port: int) -> None:
    if spec.sndbuf is not None:
        options.set_sndbuf(listener, spec.sndbuf)
    options.set_notsent_lowat(listener, None)
    if spec.congestion is not None:
        options.set_congestion(listener, spec.congestion)
    options.set_nodelay(listener, spec.nodelay)
    if port:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)  # TIME-WAIT of an earlier run
    listener.bind((LOOPBACK, port))
    listener.listen(128)
    listener.setblocking(False)


async def accept_from(listener: socket.socket, port: int) -> socket.socket:
    """The server's end, non-blocking, of the connection from that loopback port; other connections are
    aborted.

    Raises OSError if the process is out of descriptors.
    """
    trio_listener = trio.socket.from_stdlib_socket(listener)
    while True:
        with suppress(ConnectionAbortedError):  # closed before it was accepted (accept(2))
            connection, address = await trio_listener.accept()
            sock = socket.socket(fileno=connection.detach())
            if address == (LOOPBACK, port):
                sock.setblocking(False)
                return sock
            options.abort(sock)
