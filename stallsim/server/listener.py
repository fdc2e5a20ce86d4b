"""Accepts connections on loopback and takes each through the opening handshake (RFC 6455 4.2)."""

import errno
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
_HANDSHAKES_MAX = 64
_OUT_OF_DESCRIPTORS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_OUT_OF_DESCRIPTORS_S = 0.1
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
    places = trio.Semaphore(_HANDSHAKES_MAX)
    async with trio.open_nursery() as nursery:
        while True:
            await places.acquire()
            sock, peer_port = await _accept(trio_listener)
            nursery.start_soon(_handshake, sock, peer_port, accepted, places)


async def _accept(listener: trio.socket.SocketType) -> tuple[socket.socket, int]:
    """The next connection; where the process is out of descriptors, it waits for one."""
    while True:
        try:
            connection, address = await listener.accept()
        except OSError as error:
            if error.errno in _OUT_OF_DESCRIPTORS:
                await trio.sleep(_OUT_OF_DESCRIPTORS_S)
            elif error.errno != errno.ECONNABORTED:  # gone before it was accepted (accept(2))
                raise
        else:
            return socket.socket(fileno=connection.detach()), address[1]


async def _handshake(
    sock: socket.socket,
    peer_port: int,
    accepted: trio.MemorySendChannel[Accepted],
    places: trio.Semaphore,
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
        places.release()
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
        except ValueError:  # wsproto decodes some headers as ASCII without asking
            sock.send(websocket.send(RejectConnection(status_code=400)))
            return False
        if requested:
            sock.send(websocket.send(AcceptConnection()))
            return True
    return False
