"""The spec of a probe: the server, the stalls, and the limits in time and bytes."""

from typing import Annotated

from msgspec import Meta, Struct

from ..timeline.outside import Limits
from ..timeline.probed.outcomes import HORIZON_BYTES
from .messages import Hello, Repeated, Reply

SHORT_S, SHORT_BYTES = 2.0, 8 * 2**20
TIMEOUT_S = 30.0
PING_TIMEOUT_S = 20.0
"""Seconds that servers usually wait for a Pong. The first Ping of a stall may come late in the stall."""
_LATE = 1.05
"""A factor: a server's timer may run out by a twentieth too late, since the server checks it once per
second, or its loop is late.
"""
KERNEL_ROOM_BYTES = 10**6
"""Bytes that both kernels accept of a stream that is not read, with the stall's small receive buffer."""
STOP_AT_BYTES = 512 * 2**20
START_TIMEOUT_S = 60.0
STACK_SYSCTL = {
    "net.ipv4.tcp_wmem": "4096 16384 65536",
    "net.ipv4.tcp_rmem": "4096 131072 6291456",
}
"""Settings of a private stack: the server's send queue is full after kilobytes, whatever window the client
has.
"""
MAIN_STALLS = ("stop-reading", "sleeping-tab", "zero-window", "slow-reader", "vanishing")
"""The stalls that are tried if the user names none."""


class Target(Struct, frozen=True, kw_only=True):
    """A server's address, and what a client must send to receive its stream."""

    url: str
    """Its scheme is a name of ``probing.protocols``, with an ``s`` for TLS; with a command, port 0 means a
    free port.
    """
    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    hello: tuple[Hello, ...] = ()
    """Messages sent once the opening handshake is complete."""
    replies: tuple[Reply, ...] = ()
    """The client's answers to messages of the server."""
    speak: str | None = None
    """The application's protocol: a name of ``probing.speak`` and its argument, such as ``mqtt TOPIC``."""
    deflate: bool = False
    """Whether permessage-deflate is offered, as browsers offer it."""
    repeated: Repeated | None = None
    """A message that both clients send repeatedly."""
    allow_remote: bool = False
    """Whether a server on another machine may be stalled."""
    verify_tls: bool = True
    ca_file: str | None = None
    """A PEM file with the certificate of the authority that signed the server's."""


class Command(Struct, frozen=True, kw_only=True):
    """How the server is started. Each stall has a server of its own; several may run at the same time."""

    words: tuple[str, ...]
    """A program and its arguments, or one string for the shell."""
    start_timeout_s: float = START_TIMEOUT_S
    """Seconds within which the opening handshake must work."""


class WatchUntil(Struct, frozen=True, kw_only=True):
    """How long a stall is watched, counted from when the kernels accept no more."""

    seconds: Annotated[float, Meta(gt=0)]
    """The most seconds."""
    until_bytes: Annotated[int, Meta(ge=1)] | None = None
    """The watch ends once the kernels have refused this many bytes; absent: it lasts all the seconds."""
    at_least_s: Annotated[float, Meta(ge=0)] = 0.0
    """With ``until_bytes``: the least seconds."""

    longer: Annotated[float, Meta(ge=0)] = 0.0
    """The watch is extended by the time that the machine withholds from the server, up to this share of
    the seconds.
    """
    after_ping_s: Annotated[float, Meta(ge=0)] = 0.0
    """If the server sends Pings: the least seconds to watch after the first Ping of the stall."""

    @classmethod
    def for_timeout(cls, seconds: float) -> "WatchUntil":
        """A watch that is long enough to observe a server's timeout of this many seconds."""
        return cls(seconds=seconds * _LATE)


HORIZON = WatchUntil(
    seconds=WatchUntil.for_timeout(TIMEOUT_S).seconds, after_ping_s=PING_TIMEOUT_S * _LATE, longer=1.0
)


def watch_of(
    seconds: float | None, until_bytes: int | None, otherwise: WatchUntil | None, at_least_s: float = 0.0
) -> WatchUntil | None:
    """The watch that the user asked for, or ``otherwise``. A watch with only bytes lasts for at least
    ``at_least_s``.
    """
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
    """With a command at a free port: the most stalls at the same time, each with a server of its own;
    absent: as many as this machine has room for.
    """
    private_stack: bool = False
    """Whether the server is started in a network stack of its own, with small buffers. The probing process
    is in it, too, and reaches no other network.
    """
    before: str | None = None
    """A command for the shell, run at each start once the server listens, that prints a URL, a header or a
    bearer token; absent: none.
    """
    pid: Annotated[int, Meta(ge=1, le=2**22)] | None = None
    """The process whose memory is watched; absent: it is found by its socket, if this user may."""
    fresh: bool = False
    """Whether the running server has been started for this probe; its memory then shows more."""
    watch: WatchUntil | None = None
    """How long every stall is watched; absent: ``horizon`` for one stall, ``short`` for the others. One
    long watch is enough, since a bound or a timeout is the server's.
    """
    horizon: WatchUntil = HORIZON
    short: WatchUntil = WatchUntil(seconds=SHORT_S, until_bytes=SHORT_BYTES, longer=1.0)
    horizon_bytes: Annotated[int, Meta(ge=1)] = HORIZON_BYTES
    """Growth is called unbounded if it was observed past this many bytes."""
    stop_at_bytes: Annotated[int, Meta(ge=1)] = STOP_AT_BYTES
    """The memory that the server may take before the stall ends."""
    rate_per_s: Annotated[float, Meta(gt=0)] | None = None
    """Bytes that ``slow-reader`` reads per second; absent: a tenth of the stream."""
    baseline_s: Annotated[float, Meta(gt=0)] | None = None
    """How long the stream is watched before a stall; absent: as long as its rhythm requires, up to 20 s."""
    keepalive_s: Annotated[float, Meta(gt=0)] | None = None
    """How long a client that answers no Ping is watched in an additional stall; absent: there is none."""
    timeout_s: Annotated[float, Meta(gt=0)] | None = None
    """The time for the whole probe: after it the running stall is ended and judged, and no other is tried.
    Absent: only each stall has a time limit.
    """
    record: str | None = None
    """The file into which the probe is recorded; absent: none."""
    force: bool = False
    """Whether that file may be overwritten."""
    limits: Limits = Limits()
    """Limits that fail the probe if they are broken; the recording contains them, too."""
