"""What happens to a connection and is no phase: one struct for each kind of event, with what it carries.

Texts that came from a peer are hostile until a view has cleaned them. A field that is None was not
known, and is in no view.
"""

from collections.abc import Callable
from typing import ClassVar

from msgspec import Struct

from ..kinds import EventKind, ParkedEnding


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() and place else c.lower() for place, c in enumerate(name))


class EventBody(Struct, frozen=True, kw_only=True, tag=_kebab, omit_defaults=True):
    """Of which kind an event is; the class's name, in the kind's spelling, is its tag in a recording."""

    kind: ClassVar[EventKind]

    def __init_subclass__(cls) -> None:
        cls.kind = EventKind(_kebab(cls.__name__))


# what a client means to do


class Sleeps(EventBody, frozen=True, kw_only=True):
    """The client's application is gone; its network process may read on for a while."""

    asleep: str
    """In what manner."""


class StopsReading(EventBody, frozen=True, kw_only=True):
    """The client's intention; whether a stall came of it is for the kernel to say (``Stalled``)."""

    read_bytes: int
    held_bytes: int


class ReadsSlowly(EventBody, frozen=True, kw_only=True):
    """From now on no faster than that; an intention, too."""

    rate: int | None = None
    """Bytes a second."""
    share: float | None = None
    """Of the stream."""


class Vanishes(EventBody, frozen=True, kw_only=True):
    """From now on no segment reaches the client."""


class NetworkDown(EventBody, frozen=True, kw_only=True):
    """For a while no segment reaches the client."""


class NetworkUp(EventBody, frozen=True, kw_only=True):
    """Segments reach the client again."""


class AnswersNoPing(EventBody, frozen=True, kw_only=True):
    """The intention of a probe's client: from now on."""


class Wakes(EventBody, frozen=True, kw_only=True):
    """The client's application is back."""


class HalfCloses(EventBody, frozen=True, kw_only=True):
    """FIN from the client, which goes on existing (RFC 9293 3.6.1)."""


class CloseIgnored(EventBody, frozen=True, kw_only=True):
    """The client has read the server's Close, and does not answer."""


class Leaves(EventBody, frozen=True, kw_only=True):
    """The client ends TCP without waiting for anybody."""

    how: str


class EndSeen(EventBody, frozen=True, kw_only=True):
    """The client has come upon the server's end of the connection."""

    how: str
    """``close`` (the frame), ``fin``, ``reset``; a probe's: as ``Ended.how`` says it."""
    code: int | None = None
    reason: str | None = None


# what the kernels say


class Stalled(EventBody, frozen=True, kw_only=True):
    """The kernel confirms that the connection is stalled (``verdict.stall``)."""

    evidence: str


class ZeroWindow(EventBody, frozen=True, kw_only=True):
    """The client's kernel advertises a window of 0."""

    notsent_bytes: int
    rcvq_bytes: int


class SocketGone(EventBody, frozen=True, kw_only=True):
    """The server's kernel has let go of the connection: nothing is retransmitted any more."""


class TcpMemoryPressure(EventBody, frozen=True, kw_only=True):
    """The machine's TCP memory ran short during the run."""

    used_pages: int
    pressure_pages: int


class LargePagesShort(EventBody, frozen=True, kw_only=True):
    """The machine ran short of free memory in pieces of 32 KiB (``kernel.large_pages``)."""

    pieces: int
    free_kib: int


class TicksLate(EventBody, frozen=True, kw_only=True):
    """A realtime run was behind the wall clock at some ticks, and has kept up for a second since: what they
    say was true up to ``late_s`` after their time, and a phase that began and ended meanwhile is missing.
    """

    first_tick: int
    ticks: int
    """Those that were late, from the first one on."""
    late_s: float
    """The most."""


class ServerEnds(EventBody, frozen=True, kw_only=True):
    """The server's kernel says that the connection is being ended from there."""

    state: str


# what the server does


class ProducerWaits(EventBody, frozen=True, kw_only=True):
    """The policy makes the producer wait."""

    queue_bytes: int


class PongMissing(EventBody, frozen=True, kw_only=True):
    """The next Ping is due, and that one is not answered."""

    ping: int


class PongLate(EventBody, frozen=True, kw_only=True):
    """Late answers to Pings have come."""

    pongs: int
    after_s: float
    """The oldest Ping's."""


class ProtocolError(EventBody, frozen=True, kw_only=True):
    """The peer broke the protocol."""

    code: int
    error: str


class CloseWanted(EventBody, frozen=True, kw_only=True):
    """The server has decided to close; its Close waits behind what is queued."""

    code: int
    queue_bytes: int


class GuardActed(EventBody, frozen=True, kw_only=True):
    """A guard's patience was over: the server has decided to end the connection."""

    guard: str
    queue_bytes: int


class CloseReceived(EventBody, frozen=True, kw_only=True):
    """A Close frame of the client's."""

    code: int
    reason: str


class Aborted(EventBody, frozen=True, kw_only=True):
    """The server gives the client up."""

    queue_bytes: int


class Ended(EventBody, frozen=True, kw_only=True):
    """The server has let go of the connection and of all that it held for it."""

    how: str
    error: str


class MemoryCeiling(EventBody, frozen=True, kw_only=True):
    """The application queues hold more than the run allows: it ends here."""

    queue_bytes: int


# what a probe does


class Tries(EventBody, frozen=True, kw_only=True):
    """One stall of several begins, with two connections of its own."""

    number: int
    of: int
    stall: str
    does: str


class ServerNotReady(EventBody, frozen=True, kw_only=True):
    """The server that was started gives no stream yet, and is asked again."""

    reason: str
    """What it gave, or that it gave nothing."""


class Judged(EventBody, frozen=True, kw_only=True):
    """What one stall has come to."""

    outcome: str
    confidence: str
    findings: str
    summary: str


# what a watch sees


class Word(EventBody, frozen=True, kw_only=True):
    """A connection of a live server gets another word (``kinds.Word``)."""

    word: str
    was: str
    """Empty: it had none before."""
    peer: str
    for_s: float
    why: str


# what happens to a fleet


class FleetGrows(EventBody, frozen=True, kw_only=True):
    """More parked clients are opened, up to so many."""

    clients: int


class ClientsRefused(EventBody, frozen=True, kw_only=True):
    """Clients of one worker's did not open, since the reading before."""

    clients: int
    reason: str
    worker: str = ""


class ClientsUnanswered(EventBody, frozen=True, kw_only=True):
    """Clients of one worker's were not answered in time, since the reading before."""

    clients: int
    given: str
    """What they were given instead, and within which time."""
    worker: str = ""


class ClientsEnded(EventBody, frozen=True, kw_only=True):
    """The server has ended parked clients of one worker's, since the reading before."""

    clients: int
    how: ParkedEnding
    worker: str = ""


class HandshakesWait(EventBody, frozen=True, kw_only=True):
    """Clients that are opening have had no answer for so long, and nobody else had one."""

    clients: int
    for_s: float
    why: str = ""
    """What the server lacks, where that is seen; empty: it is not known."""


class WorkerLost(EventBody, frozen=True, kw_only=True):
    """A worker has ended, or is out of reach, and the clients that it held with it."""

    worker: str
    clients: int
    after_s: float
    """So long after its last answer."""
    reopened: bool
    """Whether the others open as many in their place; else they are missing."""


class FleetWakes(EventBody, frozen=True, kw_only=True):
    """A share of the parked clients reads again."""

    share: float


class FleetStops(EventBody, frozen=True, kw_only=True):
    """The fleet grows no further, though it was to."""

    reason: str
    wall: str
    """Which wall it has run into, of ``fleet.result.Wall``; ``none``: none of them."""


What = (
    Sleeps | StopsReading | ReadsSlowly | Vanishes | NetworkDown | NetworkUp | AnswersNoPing | Wakes
    | HalfCloses | CloseIgnored | Leaves | EndSeen | Stalled | ZeroWindow | SocketGone | TcpMemoryPressure
    | LargePagesShort
    | ServerEnds | ProducerWaits | PongMissing | PongLate | ProtocolError | CloseWanted | GuardActed
    | CloseReceived | Aborted | Ended | MemoryCeiling | Tries | ServerNotReady | Judged
    | Word | TicksLate | FleetGrows | ClientsRefused | ClientsEnded | WorkerLost | FleetWakes | FleetStops
    | HandshakesWait | ClientsUnanswered
)  # fmt: skip
"""Every kind; a test holds it to ``EventKind``."""
Report = Callable[[What], None]
"""Takes what has happened to one connection, now."""
