"""What a client is: a frozen spec whose fields are its options, and one coroutine.

The coroutine acts on a ``ClientEnd`` in *turns*. In lockstep a turn is given once a tick, in
connection order; in realtime a turn comes as soon as there is something to read, and at every tick.
A client that is asleep asks for no turn. To write one, see CONTRIBUTING.md, 'How to add a client'.
"""

import socket
from collections.abc import Callable
from typing import Annotated, ClassVar, Protocol

import trio
from msgspec import Meta

from ..kernel import black_hole, options, queues
from ..kernel.reading import ReceiverReading, read_receiver
from ..records import EventKind
from ..scenario import Spec, TickNumber
from ..units import BufferSize

NEVER = 2**62
__all__ = ["NEVER", "Client", "ClientEnd", "TickNumber", "Turns"]


class Client(Spec, frozen=True):
    """A kind of client. Every kind can pin the two socket options that must precede ``connect()``."""

    stalls: ClassVar[bool] = True
    """Whether this kind is meant to stall, so that a run in which the kernel saw none has failed."""
    needs_black_hole: ClassVar[bool] = False

    rcvbuf: BufferSize | None = None
    """SO_RCVBUF asked for (the kernel doubles it); absent: auto-tuned, and the run is not pinned."""
    maxseg: Annotated[int, Meta(ge=88, le=32767)] | None = None
    """TCP_MAXSEG; 1312 gives segments of 1,300 bytes, as over Ethernet."""

    async def behave(self, end: "ClientEnd") -> None:
        """Shake hands, call ``end.open()``, then act in turns until ``end.over``.

        Returning while the connection is open leaves it to be aborted by the run.
        """
        raise NotImplementedError


class Turns(Protocol):
    """Who says when a client may act: ``runner.lockstep`` or ``runner.realtime``."""

    tick: int
    tick_s: float

    async def next(self, end: "ClientEnd") -> None:
        """Return when there may be something to read, or when a tick has passed."""

    async def at(self, end: "ClientEnd", tick: int) -> None:
        """Return at that tick, whatever arrives before it."""


class ClientEnd:
    """The client's end of one connection: a non-blocking socket, and every byte read from it."""

    def __init__(
        self,
        sock: socket.socket,
        address: tuple[str, int],
        turns: Turns,
        report: Callable[..., None],
    ) -> None:
        self.sock, self.address, self.turns, self.report = sock, address, turns, report
        self.opened = trio.Event()
        self.over = trio.CancelScope()
        """Cancelled when the scenario is over: ``with end.over:`` around the client's main loop."""
        self.read_bytes = 0
        self.sent_bytes = 0
        self.read_messages = 0
        self.held_bytes = 0
        self.black_holed = False
        self.asleep = False
        self.left = False
        """The client's coroutine has returned."""
        self.reading: ReceiverReading | None = None

    @property
    def tick(self) -> int:
        """The current tick."""
        return self.turns.tick

    @property
    def moved_bytes(self) -> int:
        """Bytes read and sent: unchanged after a turn in which the client did nothing."""
        return self.read_bytes + self.sent_bytes

    @property
    def tick_s(self) -> float:
        """Scenario time between two ticks, in seconds."""
        return self.turns.tick_s

    def open(self) -> None:
        """The opening handshake is complete: bytes are counted from here on."""
        self.read_bytes = self.read_messages = 0
        self.opened.set()

    async def turn(self) -> None:
        """Give way until this client may act again."""
        await self.turns.next(self)

    async def until(self, tick: int) -> None:
        """Do nothing, read nothing, before that tick."""
        await self.turns.at(self, tick)

    async def until_over(self) -> None:
        """Do nothing, read nothing, ever again. Returns only by the cancellation of ``over``."""
        await self.turns.at(self, NEVER)

    def recv(self, limit: int) -> bytes | None:
        """At most ``limit`` bytes; None when there are none now; b"" when the server has ended."""
        try:
            data = self.sock.recv(limit)
        except BlockingIOError:
            return None
        except OSError:  # RST: what the peer does is data, and the server's end reports it
            return b""
        self.read_bytes += len(data)
        return data

    async def send(self, data: bytes) -> None:
        """Send all of it, in further turns where the kernel takes less. A dead peer takes everything."""
        while data:
            try:
                sent = self.sock.send(data)
                self.sent_bytes += sent
                data = data[sent:]
            except BlockingIOError:
                await self.turn()
            except OSError:
                return

    def sleeps(self, **detail: int | str) -> None:
        """Announce that the client's application is gone (its kernel, and perhaps more, goes on)."""
        self.asleep = True
        self.report(EventKind.SLEEPS, **detail)

    def stops_reading(self) -> None:
        """Announce the intention to stall (the kernel's confirmation is another event)."""
        self.asleep = True
        self.report(EventKind.STOPS_READING, read_bytes=self.read_bytes, held_bytes=self.held_bytes)

    def vanishes(self) -> None:
        """From now on no segment reaches this end (``kernel.black_hole``). Raises Unavailable.

        An acknowledgement that is being held back is sent first: its timer would send it later.
        """
        options.flush_delayed_ack(self.sock)
        black_hole.attach(self.sock)
        self.asleep = self.black_holed = True
        self.report(EventKind.VANISHES)

    def wakes(self) -> None:
        """Announce that the client's application is back."""
        self.asleep = False
        self.report(EventKind.WAKES)

    def abort(self) -> None:
        """RST."""
        self._let_go(options.abort)

    def close(self) -> None:
        """FIN (RST if something is unread, as the kernel does it)."""
        self._let_go(socket.socket.close)

    def _let_go(self, close: Callable[[socket.socket], None]) -> None:
        """Keep the kernel's last word, wake whoever waits on the socket, and close it; once."""
        if self.closed:
            return
        self.reading = read_receiver(self.sock)
        trio.lowlevel.notify_closing(self.sock)
        close(self.sock)

    def end_abruptly(self) -> None:
        """As a process that exits: RST where the kernel holds unread bytes, else FIN."""
        self.abort() if queues.receive_queue(self.sock) else self.close()

    @property
    def closed(self) -> bool:
        """Whether this end has been closed or aborted, by whoever it was."""
        return self.reading is not None
