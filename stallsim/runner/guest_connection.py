"""A connection to a client outside this program: its end is read through the kernel only
(``sock_diag``).
"""

from random import Random
from typing import ClassVar

from ..clients import NEVER, Client, ClientEnd, Stalls, Turns
from ..kernel.queues import send_queue
from ..kernel.snapshot import ReceiverReading, read_sender_queue
from ..kernel.sock_diag import Address, SockDiag
from ..kernel.tcp_info import read_tcp_info
from ..profile.scenario import ClientGroup
from ..server.session import Session
from ..timeline.events.what import Report
from ..timeline.sample import Sample
from .connection import Connection
from .guests import GUEST
from .observer import ConnectionObserver
from .population import Arrival
from .running_client import RunningClient
from .sample_maker import Counts, SampleMaker

UNKNOWN = ("read_messages", "missing_messages", "latency_us", "held_bytes")
"""Fields of a sample that only the guest knows."""


class Guest(Client, frozen=True):
    """The kind of a client outside this program, which may stall or not."""

    stalls: ClassVar[Stalls] = Stalls.MAY


class GuestEnd(ClientEnd):
    """A guest's end as the kernel reports it; once the end is gone, its last reading.

    The end has no socket in this process; ``sock`` is the server's, and is not used here.
    """

    def __init__(self, session: Session, diag: SockDiag, turns: Turns, report: Report) -> None:
        """Raises ConnectionAbortedError if the guest has already gone."""
        server: Address = session.sock.getsockname()
        super().__init__(session.sock, (server[0], server[1]), turns, report, Random())
        self._own: Address = session.sock.getpeername()
        self._diag = diag
        self.asleep = True  # a run does not make a guest leave, nor wait for that
        if not self.look():
            raise ConnectionAbortedError("the guest has gone")

    @property
    def closed(self) -> bool:
        """Whether the guest's end no longer exists in the kernel."""
        return self.left

    def look(self) -> bool:
        """Read the guest's end; False if it no longer exists."""
        found = None if self.left else self._diag.lookup(self._own, self.address)
        if found is None or found.info is None or found.memory is None:
            self.left = True
            return False
        self.reading = ReceiverReading(found.info, found.rqueue, found.memory)
        return True

    def abort(self) -> None:
        """Do nothing, since the other end belongs to another process."""


class GuestConnection(Connection):
    """A connection of the run's server to a guest."""

    end: GuestEnd

    def __init__(
        self,
        number: int,
        session: Session,
        end: GuestEnd,
        running: RunningClient,
        observer: ConnectionObserver,
    ) -> None:
        self.number, self.session, self.end, self.observer = number, session, end, observer
        self.arrival = Arrival(ClientGroup(kind=GUEST, name=GUEST), Guest(), NEVER)
        self._running = running
        self.socket_gone = self.frame_in_parts = False
        sent = read_tcp_info(session.sock).bytes_acked + send_queue(session.sock)
        self._begun = Counts(received=sent, acked=sent)
        self._samples = SampleMaker(number, session, end, self._begun)
        self._opened = self.sample(0, settled=False)

    @property
    def held_up(self) -> int:
        """Always 0: a run does not wait for a guest to be at rest, so a guest cannot hold it up."""
        return 0

    @property
    def short(self) -> bool:
        """Always False: the guest's kernel is not read for that."""
        return False

    @property
    def over(self) -> bool:
        """Whether the server's kernel and the guest's have released the connection."""
        return self.socket_gone and not self.end.look()

    def sample(self, tick: int, settled: bool, late_us: int = 0) -> Sample:
        """All queues now, as far as they can be read; never settled."""
        server = read_tcp_info(self.session.sock)
        self.end.look()
        assert self.end.reading is not None, "an end has been read when it is made"
        client = self.end.reading
        self.end.read_bytes = max(0, client.info.bytes_received - self._begun.received - client.rcvq_bytes)
        sent = read_sender_queue(self.session.sock, server)
        return self._samples.make(tick, False, server, sent, client, late_us)
