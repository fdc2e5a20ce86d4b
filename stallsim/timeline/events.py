"""Events of a connection that begin no phase: one struct for each kind of event, with its data.

Texts from a peer are hostile until a view has cleaned them. A field that is None was not known, and no
view shows it.
"""

from collections.abc import Callable
from typing import ClassVar

from msgspec import Struct

from ..kinds import EventKind, ParkedEnding


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() and place else c.lower() for place, c in enumerate(name))


class EventBody(Struct, frozen=True, kw_only=True, tag=_kebab, omit_defaults=True):
    """The base of all events. The class's name, in kebab-case, is its tag in a recording."""

    kind: ClassVar[EventKind]

    def __init_subclass__(cls) -> None:
        cls.kind = EventKind(_kebab(cls.__name__))


# what a client intends


class Sleeps(EventBody, frozen=True, kw_only=True):
    """The client's application sleeps; its network process may read on for a while."""

    asleep: str
    """How the application sleeps, in words."""


class StopsReading(EventBody, frozen=True, kw_only=True):
    """The client intends to stop reading. Whether it is stalled is for the kernel to confirm
    (``Stalled``).
    """

    read_bytes: int
    held_bytes: int


class ReadsSlowly(EventBody, frozen=True, kw_only=True):
    """The client intends to read no faster than this from now on."""

    rate: int | None = None
    """Bytes per second."""
    share: float | None = None
    """The share of the stream that the client reads."""


class Vanishes(EventBody, frozen=True, kw_only=True):
    """From now on no segment reaches the client."""


class NetworkDown(EventBody, frozen=True, kw_only=True):
    """No segment reaches the client for some time."""


class NetworkUp(EventBody, frozen=True, kw_only=True):
    """Segments reach the client again."""


class AnswersNoPing(EventBody, frozen=True, kw_only=True):
    """A probe's client intends to answer no Ping from now on."""


class Wakes(EventBody, frozen=True, kw_only=True):
    """The client's application reads again."""


class HalfCloses(EventBody, frozen=True, kw_only=True):
    """The client sends FIN and stays connected (RFC 9293 3.6.1)."""


class CloseIgnored(EventBody, frozen=True, kw_only=True):
    """The client has read the server's Close and does not answer it."""


class Leaves(EventBody, frozen=True, kw_only=True):
    """The client ends TCP without waiting for the server."""

    how: str


class EndSeen(EventBody, frozen=True, kw_only=True):
    """The client has read the server's end of the connection."""

    how: str
    """``close`` (the frame), ``fin``, ``reset``; for a probe, as in ``Ended.how``."""
    code: int | None = None
    reason: str | None = None


# what the kernels report


class Stalled(EventBody, frozen=True, kw_only=True):
    """The kernel confirms that the connection is stalled (``verdict.stall``)."""

    evidence: str


class ZeroWindow(EventBody, frozen=True, kw_only=True):
    """The client's kernel advertises a window of 0."""

    notsent_bytes: int
    rcvq_bytes: int


class SocketGone(EventBody, frozen=True, kw_only=True):
    """The server's kernel has discarded the connection: it retransmits nothing more."""


class TcpMemoryPressure(EventBody, frozen=True, kw_only=True):
    """The machine's TCP memory ran short during the run."""

    used_pages: int
    pressure_pages: int


class LargePagesShort(EventBody, frozen=True, kw_only=True):
    """The machine ran short of free memory in pieces of 32 KiB (``kernel.large_pages``)."""

    pieces: int
    free_kib: int


class TicksLate(EventBody, frozen=True, kw_only=True):
    """A realtime run was late at some ticks, and has been on time for a second since. The records of those
    ticks were up to ``late_s`` late, and a phase that began and ended within that time is missing.
    """

    first_tick: int
    ticks: int
    """The number of late ticks."""
    late_s: float
    """The longest delay, in seconds."""


class ServerEnds(EventBody, frozen=True, kw_only=True):
    """The server's kernel reports that the server is ending the connection."""

    state: str


# what the server does


class ProducerWaits(EventBody, frozen=True, kw_only=True):
    """The policy makes the producer wait."""

    queue_bytes: int


class PongMissing(EventBody, frozen=True, kw_only=True):
    """The next Ping is due, and this one is not answered."""

    ping: int


class PongLate(EventBody, frozen=True, kw_only=True):
    """Late answers to Pings have come."""

    pongs: int
    after_s: float
    """Seconds that the oldest of these Pings waited."""


class ProtocolError(EventBody, frozen=True, kw_only=True):
    """The peer broke the protocol."""

    code: int
    error: str


class CloseWanted(EventBody, frozen=True, kw_only=True):
    """The server has decided to close; its Close waits behind what is queued."""

    code: int
    queue_bytes: int


class GuardActed(EventBody, frozen=True, kw_only=True):
    """A guard's time ran out, so the server has decided to end the connection."""

    guard: str
    queue_bytes: int


class CloseReceived(EventBody, frozen=True, kw_only=True):
    """The client has sent a Close frame."""

    code: int
    reason: str


class Aborted(EventBody, frozen=True, kw_only=True):
    """The server aborts the client's connection."""

    queue_bytes: int


class Ended(EventBody, frozen=True, kw_only=True):
    """The server has released the connection and everything that it held for it."""

    how: str
    error: str


class MemoryCeiling(EventBody, frozen=True, kw_only=True):
    """The application queues hold more than the run allows, so the run ends here."""

    queue_bytes: int


# what a probe does


class Tries(EventBody, frozen=True, kw_only=True):
    """One stall of several begins, with two connections of its own."""

    number: int
    of: int
    stall: str
    does: str


class ServerNotReady(EventBody, frozen=True, kw_only=True):
    """The started server serves no stream yet, and is tried again."""

    reason: str
    """What the server answered, or that it did not."""


class Judged(EventBody, frozen=True, kw_only=True):
    """The judgement of one stall."""

    outcome: str
    confidence: str
    findings: str
    summary: str


# what a watch observes


class Word(EventBody, frozen=True, kw_only=True):
    """A watch assigns another word (``kinds.Word``) to a connection of a live server."""

    word: str
    was: str
    """The word before; empty: the connection is new."""
    peer: str
    for_s: float
    why: str


# what happens to a fleet


class FleetGrows(EventBody, frozen=True, kw_only=True):
    """The fleet opens more parked clients, up to this number."""

    clients: int


class ClientsRefused(EventBody, frozen=True, kw_only=True):
    """Clients of one worker that were refused since the reading before."""

    clients: int
    reason: str
    worker: str = ""


class ClientsUnanswered(EventBody, frozen=True, kw_only=True):
    """Clients of one worker that were not answered in time since the reading before."""

    clients: int
    given: str
    """What they received instead, and within which time."""
    worker: str = ""


class ClientsEnded(EventBody, frozen=True, kw_only=True):
    """Parked clients of one worker that the server has ended since the reading before."""

    clients: int
    how: ParkedEnding
    worker: str = ""


class HandshakesWait(EventBody, frozen=True, kw_only=True):
    """Clients that are opening have waited this long for an answer, and no other client received one."""

    clients: int
    for_s: float
    why: str = ""
    """What the server lacks, if that is known; empty: it is not."""


class WorkerLost(EventBody, frozen=True, kw_only=True):
    """A worker has ended or cannot be reached; its clients are lost with it."""

    worker: str
    clients: int
    after_s: float
    """Seconds since the worker's last answer."""
    reopened: bool
    """Whether the other workers open as many clients instead; otherwise these are missing."""


class FleetWakes(EventBody, frozen=True, kw_only=True):
    """A share of the parked clients reads again."""

    share: float


class FleetStops(EventBody, frozen=True, kw_only=True):
    """The fleet stops growing before it has reached its planned size."""

    reason: str
    wall: str
    """The limit that it has reached (``fleet.result.Wall``); ``none``: none of them."""


What = (
    Sleeps | StopsReading | ReadsSlowly | Vanishes | NetworkDown | NetworkUp | AnswersNoPing | Wakes
    | HalfCloses | CloseIgnored | Leaves | EndSeen | Stalled | ZeroWindow | SocketGone | TcpMemoryPressure
    | LargePagesShort
    | ServerEnds | ProducerWaits | PongMissing | PongLate | ProtocolError | CloseWanted | GuardActed
    | CloseReceived | Aborted | Ended | MemoryCeiling | Tries | ServerNotReady | Judged
    | Word | TicksLate | FleetGrows | ClientsRefused | ClientsEnded | WorkerLost | FleetWakes | FleetStops
    | HandshakesWait | ClientsUnanswered
)  # fmt: skip
"""All kinds of events; a test compares them with ``EventKind``."""
Report = Callable[[What], None]
"""Called with an event of one connection that happens now."""
