"""A connection whose client is not ours: its end is seen through the kernel alone (``sock_diag``)."""

from random import Random
from typing import ClassVar

from ..clients import NEVER, Client, ClientEnd, Stalls, Turns
from ..kernel.queues import send_queue
from ..kernel.snapshot import ReceiverReading, read_sender_queue
from ..kernel.sock_diag import Address, SockDiag
from ..kernel.tcp_info import read_tcp_info
from ..profile.scenario import ClientGroup
from ..server.session import Session
from ..timeline import events
from ..timeline.sample import Sample
from .connection import Connection
from .guests import GUEST
from .life import Life
from .observer import ConnectionObserver
from .population import Arrival
from .sample_maker import Counts, SampleMaker

UNKNOWN = ("read_messages", "missing_messages", "latency_us", "held_bytes")
"""Fields of a sample of which only the guest knows."""


class Guest(Client, frozen=True):
    """The kind of a client that is not ours: whether it stalls is its own matter."""

    stalls: ClassVar[Stalls] = Stalls.MAY


class GuestEnd(ClientEnd):
    """A guest's end, as the kernel tells of it; once it is gone, as it was last.

    It has no socket here; ``sock`` is the server's, and nothing is done with it.
    """

    def __init__(self, session: Session, diag: SockDiag, turns: Turns, report: events.Report) -> None:
        """Raises ConnectionAbortedError where the guest has gone already."""
        server: Address = session.sock.getsockname()
        super().__init__(session.sock, (server[0], server[1]), turns, report, Random())
        self._own: Address = session.sock.getpeername()
        self._diag = diag
        self.asleep = True  # nobody tells it to leave, or waits for that
        if not self.look():
            raise ConnectionAbortedError("the guest has gone")

    @property
    def closed(self) -> bool:
        """Whether the kernel knows of its end no more."""
        return self.left

    def look(self) -> bool:
        """Read it anew; False where there is nothing to read any more."""
        found = None if self.left else self._diag.lookup(self._own, self.address)
        if found is None or found.info is None or found.memory is None:
            self.left = True
            return False
        self.reading = ReceiverReading(found.info, found.rqueue, found.memory)
        return True

    def abort(self) -> None:
        """Does nothing: the other end belongs to another process."""


class GuestConnection(Connection):
    """A connection of the lab's server to a client that is not ours."""

    end: GuestEnd

    def __init__(
        self, number: int, session: Session, end: GuestEnd, life: Life, observer: ConnectionObserver
    ) -> None:
        self.number, self.session, self.end, self.observer = number, session, end, observer
        self.arrival = Arrival(ClientGroup(kind=GUEST, name=GUEST), Guest(), NEVER)
        self._life = life
        self.socket_gone = self.frame_in_parts = False
        sent = read_tcp_info(session.sock).bytes_acked + send_queue(session.sock)
        self._begun = Counts(received=sent, acked=sent)
        self._samples = SampleMaker(number, session, end, self._begun)
        self._opened = self.sample(0, settled=False)

    @property
    def held_up(self) -> int:
        """Nobody waits for a guest to be at rest, so nothing holds its run up."""
        return 0

    @property
    def shrank(self) -> bool:
        """Its kernel is not followed so closely."""
        return False

    @property
    def over(self) -> bool:
        """Whether the server's kernel and the guest's have let go."""
        return self.socket_gone and not self.end.look()

    def sample(self, tick: int, settled: bool, late_us: int = 0) -> Sample:
        """All queues, now, as far as they can be seen from here: never settled."""
        server = read_tcp_info(self.session.sock)
        self.end.look()
        assert self.end.reading is not None, "an end has been read when it is made"
        client = self.end.reading
        self.end.read_bytes = max(0, client.info.bytes_received - self._begun.received - client.rcvq_bytes)
        sent = read_sender_queue(self.session.sock, server)
        return self._samples.make(tick, False, server, sent, client, late_us)
