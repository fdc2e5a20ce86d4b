"""A connection of which stallsim holds both ends: settles it, reads its queues, and ends it."""

import trio

from ..clients import ClientEnd
from ..kernel import options
from ..kernel.queues import socket_memory
from ..kernel.snapshot import ReceiverReading, SenderQueue, read_receiver, read_sender_queue
from ..kernel.tcp_info import TCP_CLOSE, read_tcp_info
from ..server.session import Session
from ..timeline.sample import Sample
from .observer import ConnectionObserver
from .population import Arrival
from .running_client import RunningClient
from .sample_maker import Counts, SampleMaker
from .settling import Settling


class Connection:
    """One connection of a run: the server's session, and the client at the other end."""

    def __init__(
        self,
        number: int,
        arrival: Arrival,
        session: Session,
        end: ClientEnd,
        observer: ConnectionObserver,
        running: RunningClient,
        frame_bytes: int,
    ) -> None:
        self.number, self.session, self.end, self.observer = number, session, end, observer
        self.arrival, self._running = arrival, running
        self.socket_gone = False
        self.frame_in_parts = frame_bytes > socket_memory(session.sock).sndbuf
        """Whether one frame is larger than the server's send buffer."""
        self._settling = Settling(session, end)
        begun = Counts(self._settling.received_0, self._settling.acked_0)
        self._samples = SampleMaker(number, session, end, begun)
        self._received_bytes = self._settling.server.bytes_received
        self._queues_at: tuple[int, int, int] | None = None
        """The state to which the two readings below belong: moved segments, written bytes, read bytes.
        While these are the same and the connection is at rest, the kernels' queues are the same.
        """
        self._sent: SenderQueue
        self._received: ReceiverReading
        self._opened = self.sample(0, settled=True)
        """The last sample of a connection that ends before it is observed for the first time."""

    @property
    def live(self) -> bool:
        """Whether both ends are open, so that both can be read from the kernel."""
        return not self.session.ended and not self.end.closed

    @property
    def over(self) -> bool:
        """Whether nothing is left of the connection: the server, its kernel and the client have released
        it.
        """
        return self.socket_gone and self.end.left

    def has_lost_its_socket(self) -> bool:
        """Whether the server's kernel has released an ended connection since the last call."""
        if self.socket_gone or not self.session.ended:
            return False
        sock = self.session.sock
        self.socket_gone = sock.fileno() < 0 or read_tcp_info(sock).state == TCP_CLOSE
        return self.socket_gone

    def leave(self) -> None:
        """Make the client leave. A client that is awake sends Close and ends TCP; one that is asleep
        cannot, and is killed.
        """
        if self.end.asleep:
            self._running.kill()
        else:
            self.end.over.cancel()

    def release(self) -> None:
        """Abort both ends, whatever is queued."""
        if self.session.sock.fileno() >= 0:
            trio.lowlevel.notify_closing(self.session.sock)
            options.abort(self.session.sock)
        self._running.kill()

    def settle(self, *, acknowledged: bool = True) -> None:
        """Return when the connection is at rest (``Settling.settle``). Raises NotSettled."""
        if self.live:
            self._settling.settle(acknowledged=acknowledged)

    def note_refusal(self) -> None:
        """Note that the server's kernel has refused to take any byte (``Settling.note_refusal``)."""
        if self.live:
            self._settling.note_refusal()

    @property
    def held_up(self) -> int:
        """How often the kernels may have acted by their clocks without a counter (``Settling.held_up``)."""
        return self._settling.held_up

    @property
    def short(self) -> bool:
        """Whether a kernel ran short of memory (``Settling.short``)."""
        return self._settling.short

    @property
    def unread(self) -> bool:
        """Whether the client's kernel had unread bytes when the connection was last at rest."""
        received = self._settling.client.bytes_received - self._settling.received_0
        return received > self.end.read_bytes

    def receive(self, now: float) -> None:
        """Let the session read the client's bytes, if any have come."""
        arrived = self._settling.server.bytes_received
        if arrived != self._received_bytes or not self.live:
            self._received_bytes = arrived
            self.session.receive(now)

    def sample(self, tick: int, settled: bool, late_us: int = 0) -> Sample:
        """All queues now; for a client that has closed, the last reading of its end.

        ``settled``: the connection is at rest, so its last reading still holds. Otherwise two readings
        show whether bytes arrive meanwhile.
        """
        session, end, settling = self.session, self.end, self._settling
        if not settled:
            settling.server = read_tcp_info(session.sock)
            self._queues_at = None
        elif settling.waits and end.reading is None:
            settling.look()  # a timer of the machine's stack may have moved bytes since
        at = (settling.moves, session.sending.outbox.accepted_bytes, end.read_bytes)
        if at != self._queues_at or end.reading is not None:
            self._sent = read_sender_queue(session.sock, settling.server)
            settled = self._read_receiver(settled)
            self._queues_at = at if settled else None
        return self._samples.make(tick, settled, settling.server, self._sent, self._received, late_us)

    def _read_receiver(self, settled: bool) -> bool:
        """Read the client's end; return whether it is at rest."""
        end = self.end
        if end.reading is not None:
            self._received = end.reading
            return True
        if settled:
            self._received = read_receiver(end.sock, self._settling.client)
            return True
        before = read_tcp_info(end.sock)
        self._received = read_receiver(end.sock)  # reads the queue before the counts
        return before.bytes_received == self._received.info.bytes_received

    def last_sample(self, tick: int) -> Sample:
        """The last sample, after the end: the server has released its queues, and its kernel is no longer
        read.
        """
        return self._samples.make_last(tick, self.observer.sample or self._opened)
