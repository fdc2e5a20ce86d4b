"""Accepts connections on loopback and takes each through the opening handshake (RFC 6455 4.2)."""

import socket
from typing import NamedTuple

import trio
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, RejectConnection, Request
from wsproto.utilities import RemoteProtocolError

from ..kernel import options
from ..scenario import ServerSpec

LOOPBACK = "127.0.0.1"
HANDSHAKE_TIMEOUT_S = 10.0
_REQUEST_BYTES_MAX = 16 * 1024


class Accepted(NamedTuple):
    """A connection whose opening handshake is complete. ``sock`` is non-blocking."""

    sock: socket.socket
    websocket: WSConnection
    peer_port: int


def listen(spec: ServerSpec) -> socket.socket:
    """A listening socket on a free loopback port, with the options that its children inherit.

    Raises EnvironmentUnfit where the congestion control cannot be had.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        _prepare(listener, spec)
    except BaseException:
        listener.close()
        raise
    return listener


def _prepare(listener: socket.socket, spec: ServerSpec) -> None:
    if spec.sndbuf is not None:
        options.set_sndbuf(listener, spec.sndbuf)
    options.set_notsent_lowat(listener, spec.notsent_lowat)
    if spec.congestion is not None:
        options.set_congestion(listener, spec.congestion)
    options.set_nodelay(listener, spec.nodelay)
    listener.bind((LOOPBACK, 0))
    listener.listen(128)
    listener.setblocking(False)


async def serve(listener: socket.socket, accepted: trio.MemorySendChannel[Accepted]) -> None:
    """Accept for ever; each connection that completes its handshake goes into ``accepted``."""
    trio_listener = trio.socket.from_stdlib_socket(listener)
    async with trio.open_nursery() as nursery:
        while True:
            try:
                connection, address = await trio_listener.accept()
            except ConnectionAbortedError:  # gone before it was accepted (accept(2))
                continue
            sock = socket.socket(fileno=connection.detach())
            nursery.start_soon(_handshake, sock, address[1], accepted)


async def _handshake(
    sock: socket.socket, peer_port: int, accepted: trio.MemorySendChannel[Accepted]
) -> None:
    """Complete the opening handshake, or answer with an HTTP error and close."""
    sock.setblocking(False)
    websocket = WSConnection(ConnectionType.SERVER)
    handed_over = False
    try:
        with trio.move_on_after(HANDSHAKE_TIMEOUT_S):
            if await _open(sock, websocket):
                await accepted.send(Accepted(sock, websocket, peer_port))
                handed_over = True
    except OSError:  # the peer went away while shaking hands: there is nobody left to answer
        pass
    finally:
        if not handed_over:
            sock.close()


async def _open(sock: socket.socket, websocket: WSConnection) -> bool:
    received = 0
    while received < _REQUEST_BYTES_MAX:
        await trio.lowlevel.wait_readable(sock)
        data = sock.recv(4096)
        received += len(data)
        if not data:
            return False
        try:
            websocket.receive_data(data)
            requested = any(isinstance(event, Request) for event in websocket.events())
        except RemoteProtocolError as error:
            # 400, or 426 with the version that we speak (RFC 6455 4.4)
            sock.send(websocket.send(error.event_hint or RejectConnection(status_code=400)))
            return False
        if requested:
            sock.send(websocket.send(AcceptConnection()))
            return True
    return False
