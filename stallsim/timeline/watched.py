"""The structs of one look of a watch at a live server: printed by ``stallsim watch --json``, and recorded.

None stands for a value that the source does not show, or that needs two looks. Bytes are as the kernel
counts them; with TLS they are ciphertext.
"""

from msgspec import Struct

SCHEMA = "stallsim.watch/1"


class WatchedServers(Struct, frozen=True, kw_only=True):
    """The watched servers and the way of reading, in a recording's header."""

    target: str
    source: str
    """How the servers were read, and from where."""
    interval_s: float
    after_s: float
    """Seconds for which a window must be shut for the word *stalled*."""


class WatchedServer(Struct, frozen=True, kw_only=True):
    """The server that listens on one port."""

    port: int
    name: str
    """The name of its process; empty if it may not be read."""
    pids: tuple[int, ...]
    """The processes that hold the listening socket, as far as this user may see them."""
    uid: int
    """The user who owns the listening socket in the kernel's view."""


class WatchedConnection(Struct, frozen=True, kw_only=True):
    """One connection of the server, named by its peer."""

    cookie: int
    """The kernel's unique number for the socket."""
    port: int
    peer: str
    word: str
    """One of ``kinds.Word``."""
    for_s: float | None
    """Seconds for which the connection has had the word; for *idle* and *server-not-reading*, since data
    was last sent or received.
    """
    at_least: bool
    """Whether the true time may be longer than ``for_s``, which begins with the first look."""
    why: str
    """The readings from which the word follows."""
    state: str
    """The TCP state (RFC 9293 3.3.2), by Linux's name."""
    unsent_bytes: int | None
    inflight_bytes: int | None
    """Bytes that were sent and not acknowledged."""
    queued_bytes: int
    """The sum of unsent and unacknowledged bytes."""
    unread_bytes: int
    """Bytes that the server's kernel has received and the server has not read."""
    window_bytes: int | None
    """tcpi_snd_wnd: the window that the peer's kernel last announced."""
    ulp: str = ""
    """The protocol that the kernel runs above this TCP connection: ``mptcp`` or ``tls``; usually none."""
    pinned_bytes: int | None
    """SK_MEMINFO_WMEM_QUEUED: kernel memory charged for the send queue, which exceeds its payload."""
    sndbuf_bytes: int | None
    limited_share: float | None
    """The share, 0 to 1, of the time with waiting bytes in which the peer's window held them up."""
    acked_rate: float | None
    """Bytes per second that were acknowledged between two looks."""
    answered_ago_s: float | None
    """Seconds since the peer's kernel last acknowledged anything, probes included."""
    peer_seen: bool = False
    """Whether the other end is on this machine and was read, too, so that it is known whether its program
    reads.
    """
    shuts_in_s: float | None = None
    """Seconds until the window of a connection that falls behind is shut."""
    due_bytes: int | None = None
    """An estimate for a stalled connection: the most bytes that were meant for it since it stalled
    (``Siblings``).
    """


class Siblings(Struct, frozen=True, kw_only=True):
    """The rates of the connections of one port that keep up, as witnesses; in bytes per second between
    looks.
    """

    port: int
    count: int
    median_rate: float
    low_rate: float
    """A quarter of the connections receive less."""
    high_rate: float
    """A quarter of the connections receive more."""


class Process(Struct, frozen=True, kw_only=True):
    """The memory of the servers' processes and their children."""

    rss_bytes: int
    slope: float | None
    """Growth in bytes per second (Theil-Sen); None while there are too few looks."""
    ends_s: float | None
    """Seconds until the machine's available memory is used up at that rate; None: memory does not grow."""
    fits: str
    """What the slope is consistent with: ``kept``, ``not-kept``, ``neither``; empty if nothing can be
    compared.
    """


class PortTotals(Struct, frozen=True, kw_only=True):
    """Sums over the connections of one port."""

    port: int
    connections: int
    words: dict[str, int]
    """The number of connections with each word that occurs."""
    oldest_s: dict[str, float]
    """For each word that means trouble, the longest time in seconds for which a connection has had it."""
    unsent_bytes: int | None
    queued_bytes: int
    pinned_bytes: int | None


class Totals(Struct, frozen=True, kw_only=True):
    """Sums over all watched connections."""

    connections: int
    words: dict[str, int]
    """The number of connections with each word, including 0."""
    unsent_bytes: int | None
    queued_bytes: int
    pinned_bytes: int | None
    orphans_pinned_bytes: int
    tcp_memory_share: float | None
    """The share of ``tcp_mem``'s limit that all sockets of this machine use; None: it cannot be read."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """One look at all watched connections."""

    schema: str = SCHEMA
    look: int
    """The number of the look, from 1."""
    unix_s: float
    elapsed_s: float
    """Seconds since the first look."""
    took_ms: float
    """Milliseconds that the reading took; a long reading makes comparisons of two looks doubtful."""
    source: str
    notes: tuple[str, ...]
    """Facts that the source does not show, and blind spots that the ports or the peers suggest."""
    verdict: str
    """The verdict in one sentence."""
    servers: tuple[WatchedServer, ...]
    totals: Totals
    ports: tuple[PortTotals, ...]
    siblings: tuple[Siblings, ...]
    process: Process | None
    """None if no process may be read."""
    connections: tuple[WatchedConnection, ...]
    """The connections, the worst first."""
    left_out: int
    """The number of connections that are not listed; none of them is in trouble unless
    ``notes`` state it.
    """
    remedies: tuple[str, ...]
    """Commands and settings that help; none of them was run."""
