"""Opens connections one after the other, so that their numbers and ports are in order."""

import socket
from contextlib import ExitStack
from functools import partial
from random import Random

import trio

from ..clients._base import Client, ClientEnd
from ..kernel import options
from ..kernel.queues import socket_memory
from ..kernel.tcp_info import read_tcp_info
from ..records import ConnectionInfo, Event, EventKind
from ..scenario import ClientGroup
from ..server.listener import Accepted
from ..server.policies._base import Policy
from ..server.session import Session
from ..timeline import Timeline
from .connection import Connection
from .lockstep import LockstepTurns
from .observer import Observer
from .realtime import RealtimeTurns


class Opening:
    """Connects clients to ``address``; every socket is closed when ``sockets`` is."""

    def __init__(
        self,
        timeline: Timeline,
        turns: LockstepTurns | RealtimeTurns,
        policy: Policy,
        address: tuple[str, int],
        accepted: trio.MemoryReceiveChannel[Accepted],
        sockets: ExitStack,
    ) -> None:
        self._timeline, self._turns, self._policy = timeline, turns, policy
        self._address, self._accepted, self._sockets = address, accepted, sockets
        self._opened = 0

    async def open(self, group: ClientGroup, client: Client, nursery: trio.Nursery) -> Connection:
        """Take both ends through the opening handshake; the client lives in ``nursery``."""
        number, scenario = self._opened, self._timeline.scenario
        server = scenario.server
        self._opened += 1
        report = partial(self._report, number)
        sock = await self._connect(client, server.congestion)
        random = Random(f"{scenario.seed}/{number}")
        end = ClientEnd(sock, self._address, self._turns, report, random)
        self._sockets.callback(end.abort)
        nursery.start_soon(_behave, client, end, self._turns)
        accepted = await self._accept(sock.getsockname()[1])
        await end.opened.wait()
        session = Session(accepted.sock, accepted.websocket, self._policy, server.write, report)
        self._timeline.append(_info(number, group, client, session, end, server.sndbuf))
        return Connection(number, session, end, Observer(self._timeline))

    async def _connect(self, client: Client, congestion: str | None) -> socket.socket:
        sock = socket.socket()
        self._sockets.callback(sock.close)
        if client.rcvbuf is not None:
            options.set_rcvbuf(sock, client.rcvbuf)
        if client.maxseg is not None:
            options.set_maxseg(sock, client.maxseg)
        if congestion is not None:
            options.set_congestion(sock, congestion)
        options.set_nodelay(sock, True)
        await trio.socket.from_stdlib_socket(sock).connect(self._address)
        return sock

    async def _accept(self, peer_port: int) -> Accepted:
        """The server's end of the connection from that port; a stranger's is closed."""
        async for accepted in self._accepted:
            if accepted.peer_port == peer_port:
                self._sockets.callback(_let_go, accepted.sock)
                return accepted
            accepted.sock.close()
        raise AssertionError("the listener goes on for as long as connections are opened")

    def _report(self, number: int, kind: EventKind, **detail: int | float | str) -> None:
        event = Event(tick=self._turns.tick, kind=kind, connection=number, detail=detail)
        self._timeline.append(event)


def _let_go(sock: socket.socket) -> None:
    """Abort what is still open when the run is over, unobserved."""
    if sock.fileno() >= 0:
        options.abort(sock)


async def _behave(client: Client, end: ClientEnd, turns: LockstepTurns | RealtimeTurns) -> None:
    try:
        await client.behave(end)
    finally:
        end.left = True
        turns.rest(end)


def _info(
    number: int,
    group: ClientGroup,
    client: Client,
    session: Session,
    end: ClientEnd,
    sndbuf: int | None,
) -> ConnectionInfo:
    server_end, client_end = session.sock, end.sock
    return ConnectionInfo(
        connection=number,
        client=group.name,
        kind=group.kind,
        stalls=client.stalls,
        sndbuf_bytes_asked=sndbuf,
        sndbuf_bytes_effective=socket_memory(server_end).sndbuf,
        rcvbuf_bytes_asked=client.rcvbuf,
        rcvbuf_bytes_effective=socket_memory(client_end).rcvbuf,
        snd_mss_bytes=read_tcp_info(server_end).snd_mss,
        maxseg_bytes_asked=client.maxseg,
        congestion=options.congestion(server_end),
    )
