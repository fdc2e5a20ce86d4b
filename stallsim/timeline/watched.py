"""One look at somebody's live server: what ``stallsim watch --json`` prints, and its recording holds.

None stands for what the source does not show, or what two looks are needed for. Bytes are as the kernel
counts them; with TLS they are ciphertext.
"""

from msgspec import Struct

SCHEMA = "stallsim.watch/1"


class WatchedServers(Struct, frozen=True, kw_only=True):
    """In a recording's header: what was watched, and how."""

    target: str
    source: str
    """How it was read, and from where."""
    interval_s: float
    after_s: float
    """How long a window has to be shut for the word *stalled*."""


class WatchedServer(Struct, frozen=True, kw_only=True):
    """Who listens on one port."""

    port: int
    name: str
    """Of its process; empty where that may not be read."""
    pids: tuple[int, ...]
    """Those that hold the listening socket, as far as this user may see."""
    uid: int
    """The user that the kernel counts the listening socket as."""


class WatchedConnection(Struct, frozen=True, kw_only=True):
    """One connection of the server, named by its peer."""

    cookie: int
    """The kernel's own name for the socket, which no other has."""
    port: int
    peer: str
    word: str
    """One of ``kinds.Word``."""
    for_s: float | None
    """How long it has been so; of *idle* and *server-not-reading*, since data last went or came."""
    at_least: bool
    """``for_s`` is only as long as the looks go back: it may have been so for longer."""
    why: str
    """The readings that the word follows from."""
    state: str
    """RFC 9293 3.3.2, as Linux names it."""
    unsent_bytes: int | None
    inflight_bytes: int | None
    """Sent and not acknowledged."""
    queued_bytes: int
    """Both together."""
    unread_bytes: int
    """Received by the server's kernel and not read by the server."""
    window_bytes: int | None
    """tcpi_snd_wnd: what the peer's kernel last advertised."""
    ulp: str = ""
    """What the kernel itself runs on top of this TCP connection: ``mptcp`` or ``tls``; mostly nothing."""
    pinned_bytes: int | None
    """SK_MEMINFO_WMEM_QUEUED: kernel memory charged for the queue, more than its payload."""
    sndbuf_bytes: int | None
    limited_share: float | None
    """Of the time in which anything waited, the share that the peer's window held up; 0 to 1."""
    acked_rate: float | None
    """Bytes a second, between two looks."""
    answered_ago_s: float | None
    """Since its kernel last acknowledged anything, probes included."""
    peer_seen: bool = False
    """Its other end is on this machine and was read as well, so it is known whether its program reads."""
    shuts_in_s: float | None = None
    """Of one that is falling behind."""
    due_bytes: int | None = None
    """Of a stalled one, an estimate: at most so much was meant for it since (``Siblings``)."""


class Siblings(Struct, frozen=True, kw_only=True):
    """What the connections of one port that keep up are sent: the witness. Bytes a second between looks."""

    port: int
    count: int
    median_rate: float
    low_rate: float
    """A quarter of them get less."""
    high_rate: float
    """A quarter of them get more."""


class Process(Struct, frozen=True, kw_only=True):
    """The memory of the servers' processes and their children."""

    rss_bytes: int
    slope: float | None
    """Bytes a second (Theil-Sen); None while there are too few looks."""
    ends_s: float | None
    """When the memory that the machine has left is used up at that slope; None where it does not grow."""
    fits: str
    """What the slope fits: ``kept``, ``not-kept``, ``neither``, or empty where nothing can be compared."""


class PortTotals(Struct, frozen=True, kw_only=True):
    """Sums over the connections of one port."""

    port: int
    connections: int
    words: dict[str, int]
    """How many of each word that any has."""
    oldest_s: dict[str, float]
    """The longest that any has had it, of the words that mean trouble."""
    unsent_bytes: int | None
    queued_bytes: int
    pinned_bytes: int | None


class Totals(Struct, frozen=True, kw_only=True):
    """Sums over all watched connections."""

    connections: int
    words: dict[str, int]
    """How many of each; every word, those of none included."""
    unsent_bytes: int | None
    queued_bytes: int
    pinned_bytes: int | None
    orphans_pinned_bytes: int
    tcp_memory_share: float | None
    """Of ``tcp_mem``'s limit, what all sockets of this machine use; None where it is not to be read."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """One look at all watched connections."""

    schema: str = SCHEMA
    look: int
    """From 1."""
    unix_s: float
    elapsed_s: float
    """Since the first look."""
    took_ms: float
    """How long the reading took: a suspect wherever two looks are compared."""
    source: str
    notes: tuple[str, ...]
    """What the source does not show, and blind spots that the ports or the peers suggest."""
    verdict: str
    """One sentence."""
    servers: tuple[WatchedServer, ...]
    totals: Totals
    ports: tuple[PortTotals, ...]
    siblings: tuple[Siblings, ...]
    process: Process | None
    """None where no process may be read."""
    connections: tuple[WatchedConnection, ...]
    """The worst first."""
    left_out: int
    """How many connections are not listed, none of which is in any trouble unless ``notes`` say so."""
    remedies: tuple[str, ...]
    """Commands and settings that help; none of them was run."""
