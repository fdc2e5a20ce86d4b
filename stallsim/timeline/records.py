"""The records of a timeline and of a recording: one struct for each kind."""

from msgspec import Struct

from ..kinds import EventKind, Phase, Stalls
from ..profile.scenario import Scenario
from .events.what import What
from .fleet.asked import FleetAsked
from .fleet.records import OfAFleet
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
"""The versions that can be read. A recording of an older version has no records that came later."""


class Header(Struct, frozen=True, tag="header", kw_only=True):
    """The first line of a recording: what was executed, and on which system."""

    version: int
    stallsim: str
    argv: list[str]
    scenario: Scenario
    kernel: str
    python: str
    libraries: dict[str, str]
    sysctl: dict[str, str]
    private_stack: bool
    no_private_stack: str = ""
    """Why a lockstep run has none, if it should have had one."""
    policy_limits: bool
    """Whether the server's policy has a limit, reached or not."""
    started_unix_s: float
    conditions: list[str] = []
    """Conditions under which a digest is comparable, besides the kernel: the stack, and its differing
    settings.
    """
    probe: Probe | None = None
    """The server that was probed; absent for a run of stallsim's own server."""
    record_every: int = 1
    """One tick of this many was recorded, and the peaks of each queue."""
    part: int = 0
    """The number of parts before this one, if the recording rotates."""
    watch: WatchedServers | None = None
    """The servers that were watched, in a recording of a watch."""
    fleet: FleetAsked | None = None
    """The request, in a recording of a fleet."""


class ConnectionInfo(Struct, frozen=True, tag="connection", kw_only=True):
    """One connection as it was after its opening handshake."""

    connection: int
    tick: int
    """The tick at which the connection was opened."""
    client: str
    kind: str
    stalls: Stalls
    """What the client's kind is to do."""
    sndbuf_bytes_asked: int | None
    sndbuf_bytes_effective: int
    rcvbuf_bytes_asked: int | None
    rcvbuf_bytes_effective: int
    snd_mss_bytes: int
    maxseg_bytes_asked: int | None
    congestion: str
    tls: str = ""
    """The negotiated version of TLS; empty without TLS."""
    deflate: bool = False
    """Whether permessage-deflate was negotiated."""
    client_port: int = 0
    """The TCP port of the client's end; 0 if it was not recorded."""
    inferred: tuple[str, ...] = ()
    """Fields of its samples that were not read but follow from others: estimates."""
    unknown: tuple[str, ...] = ()
    """Fields of its samples that are 0 because they could not be read."""

    @property
    def coded(self) -> bool:
        """Whether there is a coder (TLS, deflate) between frames and kernel, so that bytes can be pending
        in it.
        """
        return bool(self.tls) or self.deflate


class PhaseEvent(Struct, frozen=True, tag="phase", kw_only=True):
    """A connection enters a phase; its figures are those of the sample of the same tick."""

    tick: int
    phase: Phase
    sample: Sample

    @property
    def connection(self) -> int:
        """The connection's number."""
        return self.sample.connection


class Event(Struct, frozen=True, tag="event", kw_only=True):
    """An event of a connection, or of the run, that begins no phase."""

    tick: int
    connection: int | None = None
    what: What

    @property
    def kind(self) -> EventKind:
        """The kind of the event."""
        return self.what.kind


class Resources(Struct, frozen=True, tag="resources", kw_only=True):
    """The resources of the process at the end of a tick: server, clients and this timeline together."""

    tick: int
    connections: int
    """Connections whose server's end is open, as counted."""
    queue_bytes: int
    """Bytes in the application queues of all connections, as counted."""
    descriptors: int
    """The number of entries of /proc/self/fd."""
    tasks: int
    """Trio's ``tasks_living``."""
    rss_bytes: int
    """The resident set, from /proc/self/statm."""


class RecordingEnd(Struct, frozen=True, tag="end", kw_only=True):
    """The last line of a complete recording."""

    tick: int
    attempts: int
    """How often the run was executed; more than once if a kernel timer fired in lockstep."""
    wall_s: float
    interrupted: bool = False
    timers: dict[str, int] = {}
    """How often each of TCP's timers fired in the run's network stack, by the kernel's counters
    (``kernel.tcp_timers``); in lockstep none should have fired. ``uncounted``: how often a connection was
    delayed for longer than its retransmission timeout, so that the kernel may have acted by its clock,
    which not every counter shows.
    """
    one_cpu: bool = True
    """Whether a lockstep run could be kept on one CPU (``kernel.one_cpu``)."""

    @property
    def why_again(self) -> str:
        """Why the run was executed more than once."""
        return f"a kernel timer fired in {'all of them' if self.timers else 'all but the last'}"


Happening = PhaseEvent | Event
Record = (
    Header | ConnectionInfo | Sample | Happening | Resources | OfAProbe | Looked | OfAFleet | RecordingEnd
)
