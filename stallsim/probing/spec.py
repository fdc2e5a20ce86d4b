"""What a probe is asked to do: the server, the stalls, and how long and how much."""

from typing import Annotated

from msgspec import Meta, Struct

from ..timeline.outside import Limits
from ..timeline.probed.outcomes import HORIZON_BYTES
from .messages import Hello, Repeated, Reply

SHORT_S, SHORT_BYTES = 2.0, 8 * 2**20
TIMEOUT_S = 30.0
PING_TIMEOUT_S = 20.0
"""The usual time that a server waits for a Pong: the first Ping of a stall may come late in it."""
_LATE = 1.05
"""A server's timer of so long may run out a twentieth later: it looks each second, or its loop is late."""
KERNEL_ROOM_BYTES = 10**6
"""What both kernels together take of a stream that is not read, at a stall's small receive buffer."""
STOP_AT_BYTES = 512 * 2**20
START_TIMEOUT_S = 60.0
STACK_SYSCTL = {
    "net.ipv4.tcp_wmem": "4096 16384 65536",
    "net.ipv4.tcp_rmem": "4096 131072 6291456",
}
"""In a private stack: a server's send queue is full after kilobytes, whatever its client asks for."""
MAIN_STALLS = ("stop-reading", "sleeping-tab", "zero-window", "slow-reader", "vanishing")
"""What is tried where no stall is named."""


class Target(Struct, frozen=True, kw_only=True):
    """A server's address, and what a client has to say to be given its stream."""

    url: str
    """Its scheme is a name of ``probing.protocols``, with an ``s`` over TLS; with a command, port 0 takes a
    free one.
    """
    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    hello: tuple[Hello, ...] = ()
    """Messages sent once the opening handshake is complete."""
    replies: tuple[Reply, ...] = ()
    """What the client answers to messages of the server."""
    speak: str | None = None
    """The application's protocol, a name of ``probing.speak`` and what follows it: ``mqtt TOPIC``."""
    deflate: bool = False
    """Whether permessage-deflate is offered, as browsers offer it."""
    repeated: Repeated | None = None
    """What both clients go on sending."""
    allow_remote: bool = False
    """Whether anything but loopback may be stalled."""
    verify_tls: bool = True
    ca_file: str | None = None
    """A PEM file with the authority that signed the server's certificate."""


class Command(Struct, frozen=True, kw_only=True):
    """How the server is started: for each stall anew, which may be beside others."""

    words: tuple[str, ...]
    """A program and its arguments, or one string for the shell."""
    start_timeout_s: float = START_TIMEOUT_S
    """How long it may take until the opening handshake works."""


class WatchUntil(Struct, frozen=True, kw_only=True):
    """When a stall has been watched for long enough, counted from when the kernels took no more."""

    seconds: Annotated[float, Meta(gt=0)]
    """So long at most."""
    until_bytes: Annotated[int, Meta(ge=1)] | None = None
    """Until the kernels have refused so much; absent: for all the seconds, whatever they refuse."""
    at_least_s: Annotated[float, Meta(ge=0)] = 0.0
    """With ``until_bytes``: but not before so many seconds are over."""

    longer: Annotated[float, Meta(ge=0)] = 0.0
    """While the machine withholds time from the server: as much longer, up to this part of the seconds."""
    after_ping_s: Annotated[float, Meta(ge=0)] = 0.0
    """Where the server asks for Pongs: as long as that after the first Ping of the stall, if it is more."""

    @classmethod
    def for_timeout(cls, seconds: float) -> "WatchUntil":
        """Long enough to see a timeout of so many seconds act."""
        return cls(seconds=seconds * _LATE)


HORIZON = WatchUntil(
    seconds=WatchUntil.for_timeout(TIMEOUT_S).seconds, after_ping_s=PING_TIMEOUT_S * _LATE, longer=1.0
)


def watch_of(
    seconds: float | None, until_bytes: int | None, otherwise: WatchUntil | None, at_least_s: float = 0.0
) -> WatchUntil | None:
    """What was asked for, if anything was; where it was only bytes, for ``at_least_s`` as well."""
    if seconds is None and until_bytes is None:
        return otherwise
    longest = WatchUntil.for_timeout(TIMEOUT_S).seconds
    if seconds is None:
        return WatchUntil(seconds=max(longest, at_least_s), until_bytes=until_bytes, at_least_s=at_least_s)
    return WatchUntil(seconds=seconds, until_bytes=until_bytes)


class ProbeSpec(Struct, frozen=True, kw_only=True):
    """One probe. Sizes are in bytes, times in seconds."""

    target: Target
    stalls: tuple[str, ...] = MAIN_STALLS
    """Names of ``probing.stalls``."""
    command: Command | None = None
    at_once: Annotated[int, Meta(ge=1)] | None = None
    """With a command at a free port: so many stalls at once at most, each with a server of its own; absent:
    as many as this machine has room for."""
    private_stack: bool = False
    """Whether the server is started in a network stack of its own, with small buffers: the process that
    probes is in it, too, and reaches no other network.
    """
    before: str | None = None
    """A command for the shell, run for each start once the server listens, that prints a URL, a header or
    a bearer token; absent: none."""
    pid: Annotated[int, Meta(ge=1, le=2**22)] | None = None
    """The process whose memory is watched; absent: found by the socket, if it may be."""
    fresh: bool = False
    """Whether the server, though it runs, has been started for this probe: then its memory tells more."""
    watch: WatchUntil | None = None
    """How every stall is watched; absent: one as ``horizon`` says, the others as ``short`` says. A bound or
    a timeout belongs to the server, so one long look finds it."""
    horizon: WatchUntil = HORIZON
    short: WatchUntil = WatchUntil(seconds=SHORT_S, until_bytes=SHORT_BYTES, longer=1.0)
    horizon_bytes: Annotated[int, Meta(ge=1)] = HORIZON_BYTES
    """Growth is called unbounded where it was watched past this."""
    stop_at_bytes: Annotated[int, Meta(ge=1)] = STOP_AT_BYTES
    """As much memory as the server may take: then the stall ends."""
    rate_per_s: Annotated[float, Meta(gt=0)] | None = None
    """Bytes a second that ``slow-reader`` reads; absent: a tenth of the stream."""
    baseline_s: Annotated[float, Meta(gt=0)] | None = None
    """How long the stream is looked at before a stall; absent: as long as its rhythm needs, up to 20 s."""
    keepalive_s: Annotated[float, Meta(gt=0)] | None = None
    """How long a client that answers no Ping is watched beside the stalls; absent: not at all."""
    timeout_s: Annotated[float, Meta(gt=0)] | None = None
    """For the whole probe: then the stall that goes on is ended and judged, and no other is tried. Absent:
    each stall has an end in time of its own."""
    record: str | None = None
    """A file that the probe is recorded in, as a run is; absent: none."""
    force: bool = False
    """Whether that file may be overwritten."""
    limits: Limits = Limits()
    """What fails the probe; they are in the recording, too."""
