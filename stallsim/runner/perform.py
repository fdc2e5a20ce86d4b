"""One execution of a scenario: open the connections in order, run the pace, close."""

import socket
from contextlib import closing
from functools import partial

import trio
from trio.testing import MockClock

from ..clients._base import Client, ClientEnd
from ..kernel import options
from ..kernel.queues import socket_memory
from ..kernel.tcp_info import read_tcp_info
from ..records import ConnectionInfo, Event, EventKind
from ..scenario import ClientGroup
from ..server import listener
from ..server.session import Session
from ..timeline import Timeline
from .connection import Connection
from .lockstep import LockstepTurns, run_lockstep
from .observer import Observer
from .realtime import RealtimeTurns, run_realtime
from .resolve import Cast
from .stage import Stage


async def perform(cast: Cast, timeline: Timeline, clock: MockClock | None) -> None:
    """Execute the timeline's scenario. In lockstep ``clock`` is the clock that trio runs under.

    Raises TimerFired where a lockstep run has to be redone, Unavailable, EnvironmentUnfit.
    """
    scenario = timeline.scenario
    turns: LockstepTurns | RealtimeTurns = (
        RealtimeTurns(scenario.tick_s) if clock is None else LockstepTurns(scenario.tick_s)
    )
    with closing(listener.listen(scenario.server)) as listening:
        async with trio.open_nursery() as nursery:
            accepted_in, accepted = trio.open_memory_channel[listener.Accepted](0)
            nursery.start_soon(listener.serve, listening, accepted_in)
            opening = _Opening(cast, timeline, turns, nursery, accepted, listening)
            connections = [
                await opening.open(group, client)
                for group, client in cast.clients
                for _ in range(group.count)
            ]
            stage = Stage(scenario, timeline, connections)
            try:
                if isinstance(turns, LockstepTurns):
                    assert clock is not None
                    await run_lockstep(stage, turns, clock)
                else:
                    await run_realtime(stage, turns)
            finally:
                nursery.cancel_scope.cancel()
                stage.free()


class _Opening:
    """Opens connections one after the other, so that their numbers and ports are in order."""

    def __init__(
        self,
        cast: Cast,
        timeline: Timeline,
        turns: LockstepTurns | RealtimeTurns,
        nursery: trio.Nursery,
        accepted: trio.MemoryReceiveChannel[listener.Accepted],
        listening: socket.socket,
    ) -> None:
        self._cast, self._timeline, self._turns = cast, timeline, turns
        self._nursery, self._accepted, self._listening = nursery, accepted, listening
        self._opened = 0

    async def open(self, group: ClientGroup, client: Client) -> Connection:
        """Connect one client and take both ends through the opening handshake."""
        number, server = self._opened, self._timeline.scenario.server
        self._opened += 1
        report = partial(self._report, number)
        sock = await _connect(client, server.congestion, self._listening.getsockname())
        end = ClientEnd(sock, self._listening.getsockname(), self._turns, report)
        self._nursery.start_soon(_behave, client, end, self._turns)
        accepted = await self._accepted.receive()
        while accepted.peer_port != sock.getsockname()[1]:
            accepted.sock.close()  # a stranger on our port: not part of the scenario
            accepted = await self._accepted.receive()
        await end.opened.wait()
        session = Session(accepted.sock, accepted.websocket, self._cast.policy, server.write, report)
        self._timeline.append(_info(number, group, client, session, end, server.sndbuf))
        return Connection(number, session, end, Observer(self._timeline))

    def _report(self, number: int, kind: EventKind, **detail: int | float | str) -> None:
        event = Event(tick=self._turns.tick, kind=kind, connection=number, detail=detail)
        self._timeline.append(event)


async def _connect(client: Client, congestion: str | None, address: object) -> socket.socket:
    sock = socket.socket()
    if client.rcvbuf is not None:
        options.set_rcvbuf(sock, client.rcvbuf)
    if client.maxseg is not None:
        options.set_maxseg(sock, client.maxseg)
    if congestion is not None:
        options.set_congestion(sock, congestion)
    options.set_nodelay(sock, True)
    await trio.socket.from_stdlib_socket(sock).connect(address)
    return sock


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
