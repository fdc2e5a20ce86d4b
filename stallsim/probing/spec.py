"""What a probe is asked to do: the server, the stalls, and how long and how much."""

from typing import Annotated

from msgspec import Meta, Struct

from .messages import Hello, Repeated, Reply

WATCH_S = 2.0
WATCH_BYTES = 8 * 2**20
STOP_AT_BYTES = 512 * 2**20
START_TIMEOUT_S = 60.0
KEEPALIVE_S = 90.0
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
    """``ws://``, ``wss://``, ``http://``, ``https://``; with a command, port 0 takes a free one."""
    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    hello: tuple[Hello, ...] = ()
    """Messages sent once the opening handshake is complete."""
    replies: tuple[Reply, ...] = ()
    """What the client answers to messages of the server."""
    repeated: Repeated | None = None
    """What both clients go on sending."""
    allow_remote: bool = False
    """Whether anything but loopback may be stalled."""
    verify_tls: bool = True
    ca_file: str | None = None
    """A PEM file with the authority that signed the server's certificate."""


class Command(Struct, frozen=True, kw_only=True):
    """How the server is started: for each stall anew."""

    words: tuple[str, ...]
    """A program and its arguments, or one string for the shell."""
    start_timeout_s: float = START_TIMEOUT_S
    """How long it may take until the opening handshake works."""


class ProbeSpec(Struct, frozen=True, kw_only=True):
    """One probe. Sizes are in bytes, times in seconds."""

    target: Target
    stalls: tuple[str, ...] = MAIN_STALLS
    """Names of ``probing.stalls``, tried in turn."""
    command: Command | None = None
    private_stack: bool = False
    """Whether the server is started in a network stack of its own, with small buffers: the process that
    probes is in it, too, and reaches no other network.
    """
    pid: int | None = None
    """The process whose memory is watched; absent: found by the socket, if it may be."""
    fresh: bool = False
    """Whether the server, though it runs, has been started for this probe: then its memory tells more."""
    watch_s: Annotated[float, Meta(gt=0)] | None = None
    """How long it is watched once the kernels take no more; absent: until ``watch_bytes`` were refused,
    at most ``WATCH_S``."""
    watch_bytes: Annotated[int, Meta(ge=1)] = WATCH_BYTES
    stop_at_bytes: Annotated[int, Meta(ge=1)] = STOP_AT_BYTES
    """As much memory as the server may take: then the stall ends."""
    keepalive_s: Annotated[float, Meta(gt=0)] | None = None
    """How long a client that answers no Ping is watched beside the stalls; absent: not at all."""
    record: str | None = None
    """A file that the probe is recorded in, as a run is; absent: none."""
    force: bool = False
    """Whether that file may be overwritten."""
