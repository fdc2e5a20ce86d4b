"""A client's end of one connection, and the turns in which a client may act on it."""

import socket
import ssl
from collections.abc import Awaitable, Callable
from random import Random
from types import TracebackType
from typing import Protocol

import trio

from ..kernel import black_hole, options, queues
from ..kernel.peer_errors import check_of_the_peer
from ..kernel.snapshot import ReceiverReading, read_receiver
from ..timeline.events.client import HalfCloses, NetworkDown, NetworkUp, Vanishes
from ..timeline.events.what import Report
from ._announcer import Announcer
from ._inbox import Inbox

NEVER = 2**62


class Scope(Protocol):
    """A block of a client's coroutine that can be ended from outside, where it waits for a turn."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> bool: ...

    def cancel(self) -> None:
        """End the block, where the client waits for its next turn."""


class Turns(Protocol):
    """Decides when a client may act: ``runner.lockstep_turns`` or ``runner.realtime_turns``."""

    tick: int
    tick_s: float

    @property
    def now(self) -> float:
        """Scenario time, in seconds."""

    def scope(self) -> Scope:
        """The scope of one client."""

    def next(self, end: "ClientEnd") -> Awaitable[None]:
        """Return when there may be bytes to read, or when a tick has passed."""

    def at(self, end: "ClientEnd", tick: int) -> Awaitable[None]:
        """Return at that tick, whatever arrives before it."""


class ClientEnd(Announcer):
    """The client's end of one connection: a non-blocking socket, and every byte read from it."""

    def __init__(
        self,
        sock: socket.socket,
        address: tuple[str, int],
        turns: Turns,
        report: Report,
        random: Random,
    ) -> None:
        super().__init__(report)
        self.sock, self.address, self.turns = sock, address, turns
        self.born_tick = turns.tick
        self.random = random
        """A generator seeded by the scenario's seed and the connection's number, so that equal runs draw
        equal numbers.
        """
        self.context: ssl.SSLContext | None = None
        """The context of a connection over TLS."""
        self.deflate = False
        """Whether to offer permessage-deflate."""
        self.opened = trio.Event()
        self.over = turns.scope()
        """Cancelled when the scenario is over: ``with end.over:`` around the client's main loop."""
        self.sent_bytes = 0
        self._may_read_until: int | None = None
        """In a turn of lockstep, the ``read_bytes`` at which all bytes are read that it found."""
        self.inbox = Inbox()
        self.black_holed = False
        self.left = False
        """Whether the client's coroutine has returned."""
        self.reading: ReceiverReading | None = None

    @property
    def tick(self) -> int:
        """Ticks since the connection was opened."""
        return self.turns.tick - self.born_tick

    @property
    def now(self) -> float:
        """Scenario time, in seconds."""
        return self.turns.now

    @property
    def moved_bytes(self) -> int:
        """Bytes read and sent; unchanged by a turn in which the client did nothing."""
        return self.read_bytes + self.sent_bytes

    @property
    def tick_s(self) -> float:
        """Scenario time between two ticks, in seconds."""
        return self.turns.tick_s

    def received(self, payload: bytes | bytearray, *, finished: bool = True) -> None:
        """Pass a message, or a part of one, to the application."""
        self.inbox.feed(payload, finished=finished, now=self.now)

    def open(self) -> None:
        """Note that the opening handshake is complete: bytes are counted from here on."""
        self.read_bytes = 0
        self.opened.set()

    def turn(self) -> Awaitable[None]:
        """Wait until this client may act again."""
        return self.turns.next(self)

    def until(self, tick: int) -> Awaitable[None]:
        """Wait until that tick, and read nothing before it."""
        return self.turns.at(self, self.born_tick + tick)

    def until_over(self) -> Awaitable[None]:
        """Wait, and read nothing, until ``over`` is cancelled."""
        return self.turns.at(self, NEVER)

    def begin_turn(self) -> None:
        """Let this turn read only the bytes that have arrived by now, at rest.

        What is read makes room, and the server's kernel sends more: at once, or a moment later if the
        machine is busy (ksoftirqd). If a turn read that too or not, the rest would come in other segments.
        """
        if not self.closed:
            self._may_read_until = self.read_bytes + queues.receive_queue(self.sock)

    def recv(self, limit: int) -> bytes | None:
        """Read at most ``limit`` bytes; None if there are none now; b"" if the server has ended.

        Raises ValueError if ``limit`` is less than 1, since the kernel's answer to 0 looks like the end.
        """
        if limit < 1:
            raise ValueError(f"recv({limit}): a client asks for at least one byte, else it does not read")
        left = limit if self._may_read_until is None else self._may_read_until - self.read_bytes
        try:
            if left < 1:  # whatever comes now was sent because of what this turn has read
                return None if self.sock.recv(1, socket.MSG_PEEK) else self.sees_end("fin")
            data = self.sock.recv(min(limit, left))
        except BlockingIOError:
            return None
        except OSError as error:
            check_of_the_peer(error)
            return self.sees_end("reset")
        self.read_bytes += len(data)
        return data or self.sees_end("fin")

    async def send(self, data: bytes) -> None:
        """Send all bytes, in further turns if the kernel accepts fewer. To a dead peer, all bytes count as
        sent.
        """
        while data:
            try:
                sent = self.sock.send(data)
                self.sent_bytes += sent
                data = data[sent:]
            except BlockingIOError:
                await self.turn()
            except OSError as error:
                check_of_the_peer(error)
                return

    def half_closes(self) -> None:
        """Send FIN: this end sends nothing more (RFC 9293 3.6.1)."""
        options.finish(self.sock)
        self.report(HalfCloses())

    def vanishes(self) -> None:
        """Let no segment reach this end from now on (``kernel.black_hole``). Raises Unavailable.

        A delayed acknowledgement is sent first, since its timer would send it later.
        """
        options.flush_delayed_ack(self.sock)
        black_hole.attach(self.sock)
        self.asleep = self.black_holed = True
        self.report(Vanishes())

    def network_down(self) -> None:
        """Let no segment reach this end until ``network_up`` (``kernel.black_hole``).
        Raises Unavailable.
        """
        black_hole.attach(self.sock)
        self.black_holed = True
        self.report(NetworkDown())

    def network_up(self) -> None:
        """Let segments reach this end again; dropped ones come when the peer retransmits them."""
        black_hole.detach(self.sock)
        self.black_holed = False
        self.report(NetworkUp())

    def abort(self) -> None:
        """End the connection with RST."""
        self._release(options.abort)

    def close(self) -> None:
        """Close with FIN, or with RST if bytes are unread, as the kernel does it."""
        self._release(socket.socket.close)

    def _release(self, close: Callable[[socket.socket], None]) -> None:
        """Store a last reading, wake tasks that wait on the socket, and close it; only once."""
        if self.closed:
            return
        self.reading = read_receiver(self.sock)
        trio.lowlevel.notify_closing(self.sock)
        close(self.sock)

    def end_abruptly(self) -> None:
        """Close as the kernel does for a process that exits: RST if it holds unread bytes, else FIN."""
        self.abort() if queues.receive_queue(self.sock) else self.close()

    @property
    def closed(self) -> bool:
        """Whether this end has been closed or aborted by this program."""
        return self.reading is not None
