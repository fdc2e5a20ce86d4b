"""Opens connections one after the other, so that their numbers and ports are in order."""

import socket
from contextlib import ExitStack
from functools import partial
from random import Random

import trio
from msgspec.structs import replace

from ..clients import Client, ClientEnd
from ..errors import EnvironmentUnfit
from ..kernel import options
from ..kernel.queues import socket_memory
from ..kernel.snapshot import ReceiverReading, read_receiver
from ..kernel.sock_diag import SockDiag
from ..kernel.tcp_info import read_tcp_info
from ..server import listener
from ..server.defence import Defence
from ..server.session import Session
from ..timeline.events.what import What
from ..timeline.records import ConnectionInfo, Event
from ..timeline.timeline import Timeline
from ..tls import Contexts
from .connection import Connection
from .guest_connection import UNKNOWN, Guest, GuestConnection, GuestEnd
from .lockstep_turns import LockstepTurns
from .observer import ConnectionObserver
from .population import Arrival
from .realtime_client import RealtimeClient
from .realtime_turns import RealtimeTurns

_HANDSHAKE_S = 30.0
"""Seconds; far more than a handshake over loopback takes on a busy machine."""


class ClientOpener:
    """Connects clients to a listening socket; their tasks run in ``nursery``."""

    def __init__(
        self,
        timeline: Timeline,
        turns: LockstepTurns | RealtimeTurns,
        defence: Defence,
        listening: socket.socket,
        nursery: trio.Nursery,
        contexts: Contexts | None = None,
    ) -> None:
        self._timeline, self._turns, self._defence = timeline, turns, defence
        self._listening, self._nursery, self._contexts = listening, nursery, contexts
        self._scenario = timeline.scenario
        self._opened = 0
        self._diag: SockDiag | None = None

    async def open(self, arrival: Arrival) -> Connection:
        """Connect a client, and complete the WebSocket's opening handshake if the client wants that."""
        number, client, turns = self._opened, arrival.client, self._turns
        self._opened += 1
        server = self._scenario.server
        report = partial(self._report, number)
        ours, theirs = await self._connect(client, server.congestion)
        random = Random(f"{self._scenario.seed}/{number}")
        end = ClientEnd(ours, self._listening.getsockname(), turns, report, random)
        end.deflate = client.deflate
        context = None
        if self._contexts is not None:
            context, end.context = self._contexts
        with ExitStack() as half_open:
            half_open.callback(theirs.close)
            half_open.callback(end.abort)
            running = turns.begin(client, end, self._nursery)
            half_open.callback(running.kill)
            now = turns.tick * turns.tick_s
            session = Session(theirs, server, self._defence, report, now, context)
            if client.opens:
                await _handshake(session, end, now)
            half_open.pop_all()
        turns.hold(end)
        info = self._info(number, arrival, session, read_receiver(end.sock))
        self._timeline.append(replace(info, client_port=end.sock.getsockname()[1]))
        observer, frame_bytes = ConnectionObserver(self._timeline), self._scenario.stream.frame
        return Connection(number, arrival, session, end, observer, running, frame_bytes)

    async def welcome(self, sock: socket.socket) -> Connection | None:
        """The connection of a guest that has asked for a WebSocket; None if the guest has gone, or its
        request is invalid.
        """
        number, turns, server = self._opened, self._turns, self._scenario.server
        report = partial(self._report, number)
        session = Session(sock, server, self._defence, report, turns.tick * turns.tick_s)
        session.receive(turns.tick * turns.tick_s)
        try:
            if self._diag is None:
                self._diag = SockDiag()
            end = GuestEnd(session, self._diag, turns, report)
        except OSError:
            end = None
        if end is None or not session.open:
            sock.close()
            return None
        self._opened += 1
        connection = GuestConnection(
            number, session, end, RealtimeClient(Guest(), end), ConnectionObserver(self._timeline)
        )
        assert end.reading is not None, "a guest's end has been read when it is made"
        info = self._info(number, connection.arrival, session, end.reading)
        self._timeline.append(replace(info, client_port=sock.getpeername()[1], unknown=UNKNOWN))
        return connection

    def close(self) -> None:
        """Close the listening socket, since all clients have connected and others must not disturb the
        run.
        """
        trio.lowlevel.notify_closing(self._listening)
        self._listening.close()

    def end(self) -> None:
        """End the run: close the netlink socket through which guests' connections were read."""
        if self._diag is not None:
            self._diag.close()

    def release(self, connection: Connection) -> None:
        """Release a connection that is over: its client gets no more turns, and its descriptors are
        closed.
        """
        connection.release()
        self._turns.forget(connection.end)

    async def _connect(self, client: Client, congestion: str | None) -> tuple[socket.socket, socket.socket]:
        """Connect, and return both ends. The client's port is known before it connects, so that
        connections from elsewhere in the listener's queue can be rejected meanwhile.
        """
        sock, address = socket.socket(), self._listening.getsockname()
        try:
            if client.rcvbuf is not None:
                options.set_rcvbuf(sock, client.rcvbuf)
            if client.maxseg is not None:
                options.set_maxseg(sock, client.maxseg)
            if congestion is not None:
                options.set_congestion(sock, congestion)
            options.set_nodelay(sock, True)
            sock.bind((listener.LOOPBACK, 0))
            port = sock.getsockname()[1]
            accepted = None
            with trio.move_on_after(_HANDSHAKE_S):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(trio.socket.from_stdlib_socket(sock).connect, address)
                    accepted = await listener.accept_from(self._listening, port)
            if accepted is None:
                raise _refused()
        except BaseException:
            sock.close()
            raise
        return sock, accepted

    def _report(self, number: int, what: What) -> None:
        self._timeline.append(Event(tick=self._turns.tick, connection=number, what=what))

    def _info(
        self, number: int, arrival: Arrival, session: Session, client: ReceiverReading
    ) -> ConnectionInfo:
        server_end = session.sock
        coder = session.sending.coder
        return ConnectionInfo(
            connection=number,
            tick=self._turns.tick,
            client=arrival.group.name,
            kind=arrival.group.kind,
            stalls=arrival.client.stalls,
            sndbuf_bytes_asked=self._scenario.server.sndbuf,
            sndbuf_bytes_effective=socket_memory(server_end).sndbuf,
            rcvbuf_bytes_asked=arrival.client.rcvbuf,
            rcvbuf_bytes_effective=client.memory.rcvbuf,
            snd_mss_bytes=read_tcp_info(server_end).snd_mss,
            maxseg_bytes_asked=arrival.client.maxseg,
            congestion=options.congestion(server_end),
            tls=coder.tls_version if coder else "",
            deflate=coder is not None and coder.deflates,
        )


async def _handshake(session: Session, end: ClientEnd, now: float) -> None:
    """Complete the WebSocket's opening handshake. Raises EnvironmentUnfit: only the system can refuse it,
    by an error at a send or a read of either end.
    """
    with trio.move_on_after(_HANDSHAKE_S):
        while not session.open and not session.ended:
            await trio.lowlevel.wait_readable(session.sock)
            session.receive(now)
        if session.open:
            await end.opened.wait()
    if not end.opened.is_set():
        raise _refused()


def _refused() -> EnvironmentUnfit:
    return EnvironmentUnfit(
        "the system refused: an opening handshake over loopback, of which the kernel has not taken or "
        "delivered a part"
    )
