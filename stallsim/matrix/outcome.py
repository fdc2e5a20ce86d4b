"""The facts that were observed in one cell's timeline.

Times are scenario time in seconds: exact multiples of the tick in lockstep, measured in realtime.
"""

from enum import Enum

from msgspec import Struct


class Bound(Enum):
    """What limited the application queue."""

    EMPTY = "empty"
    """It never held more than one message, since the kernels took everything."""
    LIMITED = "limited"
    """The policy: it dropped messages, made its producer wait, or ended the connection."""
    WITHIN = "within-limit"
    """The policy has a limit, which was not reached."""
    UNTIL_END = "until-end"
    """The end of the connection, by a guard, the kernel or the client; nothing limited it before."""
    CLIENT = "client"
    """The client: it kept reading, and the queue was empty again before the server's Close."""
    NOTHING = "nothing"
    """Nothing: the queue grew for as long as the client did not read."""


class Which(Enum):
    """The messages that the policy dropped, in the words of its ``Admission``."""

    NONE = "none"
    EVICTED = "evicted"
    """Messages that had been queued."""
    REJECTED = "rejected"
    """Messages that were never queued."""
    BOTH = "both"


class By(Enum):
    """Who first decided that the connection was to end."""

    NOBODY = "nobody"
    POLICY = "policy"
    GUARD = "guard"
    KERNEL = "kernel"
    """The server's kernel discarded the connection (ETIMEDOUT)."""
    CLIENT = "client"
    SERVER = "server"
    """The server's Close to all clients at the end of the schedule; until then the connection was kept."""


class Recovery(Enum):
    """What happened to a client that slept."""

    YES = "yes"
    """The client woke, and later every queue was empty at some moment."""
    NO = "no"
    """The client woke, and the queues were never all empty again."""
    ENDED_BEFORE = "ended-before"
    NEVER_WOKE = "never-woke"
    DID_NOT_SLEEP = "did-not-sleep"


class CellMemory(Struct, frozen=True):
    """The server's memory for the client under test."""

    bound: Bound
    queue_bytes_max: int
    queue_messages_max: int
    kernels_full: bool
    """Whether the server's kernel refused a write, since both kernels' buffers were full."""
    producer_waited: bool


class Loss(Struct, frozen=True):
    """The messages that were made for the client and will not arrive."""

    which: Which
    dropped_messages: int
    evicted_messages: int
    missing_messages: int
    """Counted by the client from the messages' numbers."""
    read_messages: int
    produced_messages: int
    discarded_bytes: int
    """Bytes lost with the connection."""
    waiting_bytes: int
    """Bytes just before the server's Close, anywhere between the producer and the client's application."""

    @property
    def confirmed(self) -> bool:
        """Whether the client misses exactly as many messages as the server dropped."""
        return self.missing_messages == self.dropped_messages


class Others(Struct, frozen=True):
    """What the witness got from the start of the stall to the server's Close."""

    messages_per_s: float
    gap_max_s: float
    """The longest time without a message, in seconds."""
    latency_p50_us: int
    latency_p99_us: int
    """The time from making to reading a message, the longest of each tick; -1 if nothing was read."""


class CellEnding(Struct, frozen=True):
    """Three facts, each with its time in seconds since the stall began; null: not within the run."""

    by: By
    guard: str
    """The name of the guard, if a guard decided it."""
    decided_s: float | None
    """When it was decided that the connection is to end."""
    freed_s: float | None
    """When the server freed the connection and its queue."""
    gone_s: float | None
    """When the server's kernel discarded the socket and its queue."""
    server_saw: str
    client_saw: list[str]
    """The ends that the client read, in order: a Close with its status code, FIN, RST."""


class CellOutcome(Struct, frozen=True):
    """All facts of one cell."""

    opened: bool
    memory: CellMemory
    loss: Loss
    others: Others
    ending: CellEnding
    recovery: Recovery
    story: list[str]
    """The events of the client under test, in order."""
