"""What a timeline is made of, and what a recording holds: one struct for each kind of record."""

from msgspec import Struct

from ..kinds import EventKind, Phase, Stalls
from ..profile.scenario import Scenario
from .events import What
from .fleet import FleetAsked, OfAFleet
from .outside import Looked, OfAProbe, Probe
from .sample import Sample
from .watched import WatchedServers

__all__ = [
    "FORMAT_VERSION",
    "READABLE_VERSIONS",
    "ConnectionInfo",
    "Event",
    "EventKind",
    "Happening",
    "Header",
    "Phase",
    "PhaseEvent",
    "Record",
    "RecordingEnd",
    "Resources",
    "Stalls",
]
FORMAT_VERSION = 4
READABLE_VERSIONS = (2, 3, FORMAT_VERSION)
"""In a recording of an older version nothing occurs that came later."""


class Header(Struct, frozen=True, tag="header", kw_only=True):
    """The first line of a recording: what ran, on what."""

    version: int
    stallsim: str
    argv: list[str]
    scenario: Scenario
    kernel: str
    python: str
    libraries: dict[str, str]
    sysctl: dict[str, str]
    private_stack: bool
    policy_limits: bool
    """The server's policy has a limit, reached or not."""
    started_unix_s: float
    conditions: list[str] = []
    """What a digest is comparable under, beside the kernel: the stack, and what of its settings differs."""
    probe: Probe | None = None
    """Absent for a run of our own server."""
    record_every: int = 1
    """Of so many ticks one was recorded, and the peaks of each queue."""
    part: int = 0
    """Of a recording that rotates: how many parts came before this one."""
    watch: WatchedServers | None = None
    """What was watched, where this is a watch of a live server."""
    fleet: FleetAsked | None = None
    """What was asked for, where this is a fleet of parked clients."""


class ConnectionInfo(Struct, frozen=True, tag="connection", kw_only=True):
    """One connection as it stood after its opening handshake."""

    connection: int
    tick: int
    """When it was opened."""
    client: str
    kind: str
    stalls: Stalls
    """What the client's kind is meant to do."""
    sndbuf_bytes_asked: int | None
    sndbuf_bytes_effective: int
    rcvbuf_bytes_asked: int | None
    rcvbuf_bytes_effective: int
    snd_mss_bytes: int
    maxseg_bytes_asked: int | None
    congestion: str
    tls: str = ""
    """The version that was negotiated; empty without TLS."""
    deflate: bool = False
    """permessage-deflate was negotiated."""
    client_port: int = 0
    """Of TCP, at the client's end; 0 where it was not recorded."""
    inferred: tuple[str, ...] = ()
    """Fields of its samples that nobody tells, and that follow from others: estimates."""
    unknown: tuple[str, ...] = ()
    """Fields of its samples that are 0 because nobody tells them."""

    @property
    def coded(self) -> bool:
        """Whether a coder stands between frames and the kernel, so that bytes can be pending in it."""
        return bool(self.tls) or self.deflate


class PhaseEvent(Struct, frozen=True, tag="phase", kw_only=True):
    """A connection enters a phase; its numbers are those of the sample of the same tick."""

    tick: int
    phase: Phase
    sample: Sample

    @property
    def connection(self) -> int:
        """The connection's number."""
        return self.sample.connection


class Event(Struct, frozen=True, tag="event", kw_only=True):
    """Something that happens to a connection, or to the run, and begins no phase."""

    tick: int
    connection: int | None = None
    what: What

    @property
    def kind(self) -> EventKind:
        """Which kind of event it is."""
        return self.what.kind


class Resources(Struct, frozen=True, tag="resources", kw_only=True):
    """What the process held at the end of a tick: server, clients and this timeline together."""

    tick: int
    connections: int
    """Counted: those whose server's end is open."""
    queue_bytes: int
    """Counted: the application queues of all connections."""
    descriptors: int
    """Read: the entries of /proc/self/fd."""
    tasks: int
    """Read: trio's ``tasks_living``."""
    rss_bytes: int
    """Read: the resident set, from /proc/self/statm."""


class RecordingEnd(Struct, frozen=True, tag="end", kw_only=True):
    """The last line of a complete recording."""

    tick: int
    attempts: int
    """Times the run was executed; more than 1 where a kernel timer fired in lockstep."""
    wall_s: float
    interrupted: bool = False
    timers: dict[str, int] = {}
    """How often each of TCP's timers fired in the run's network stack meanwhile, by the kernel's counters
    (``kernel.tcp_timers``); in lockstep none should have. ``uncounted``: how often a connection was held up
    for longer than its retransmission timeout, so that the kernel may have acted by its clock, which not
    every counter shows."""
    one_cpu: bool = True
    """Whether a lockstep run could be kept on one CPU (``kernel.one_cpu``)."""


Happening = PhaseEvent | Event
Record = (
    Header | ConnectionInfo | Sample | Happening | Resources | OfAProbe | Looked | OfAFleet | RecordingEnd
)
