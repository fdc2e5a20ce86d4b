"""What was observed in one cell: facts of its timeline, and nothing that was assumed.

Times are scenario time in seconds: in lockstep exact multiples of the tick, in realtime measured.
"""

from enum import Enum

from msgspec import Struct


class Bound(Enum):
    """What kept the application queue from growing."""

    EMPTY = "empty"
    """It never held more than a message: the kernels took everything."""
    LIMITED = "limited"
    """The policy: it dropped, made its producer wait, or ended the connection."""
    WITHIN = "within-limit"
    """The policy has a limit, and it was not reached."""
    UNTIL_END = "until-end"
    """The end of the connection, which a guard, the kernel or the client wanted; until then nothing."""
    CLIENT = "client"
    """The client itself: it read on, and the queue was empty again before the last act."""
    NOTHING = "nothing"
    """Nothing: it grew for as long as the client did not read."""


class Which(Enum):
    """Which messages the policy dropped, in the words of its ``Admission``."""

    NONE = "none"
    EVICTED = "evicted"
    """Such as had been queued."""
    REJECTED = "rejected"
    """Such as it had never queued."""
    BOTH = "both"


class By(Enum):
    """Who wanted the connection to end, first."""

    NOBODY = "nobody"
    POLICY = "policy"
    GUARD = "guard"
    KERNEL = "kernel"
    """The server's kernel gave the peer up (ETIMEDOUT)."""
    CLIENT = "client"
    SERVER = "server"
    """Its Close to everybody, in the last act: until then the connection was kept."""


class Recovery(Enum):
    """What became of a client that slept."""

    YES = "yes"
    """It woke, and a moment came at which every queue was empty."""
    NO = "no"
    """It woke, and none came."""
    ENDED_BEFORE = "ended-before"
    NEVER_WOKE = "never-woke"
    DID_NOT_SLEEP = "did-not-sleep"


class CellMemory(Struct, frozen=True):
    """The server's memory for the client under test."""

    bound: Bound
    queue_bytes_max: int
    queue_messages_max: int
    kernels_full: bool
    """The server's kernel refused a write: both kernels' buffers were full."""
    producer_waited: bool


class Loss(Struct, frozen=True):
    """Messages that were made for the client and will not come."""

    which: Which
    dropped_messages: int
    evicted_messages: int
    missing_messages: int
    """By the client's own check of their numbers."""
    read_messages: int
    produced_messages: int
    discarded_bytes: int
    """Lost with the connection."""
    waiting_bytes: int
    """Just before the last act, anywhere between the producer and the client's application."""

    @property
    def confirmed(self) -> bool:
        """The client has seen exactly those to be missing that the server dropped."""
        return self.missing_messages == self.dropped_messages


class Others(Struct, frozen=True):
    """What the witness got from the stall's beginning to the last act."""

    messages_per_s: float
    gap_max_s: float
    """The longest time without a message."""
    latency_p50_us: int
    latency_p99_us: int
    """From making to reading, the longest of each tick; -1 where nothing was read."""


class CellEnding(Struct, frozen=True):
    """Three facts, each with its time since the stall began; null: not within the run."""

    by: By
    guard: str
    """Which, where it was one."""
    decided_s: float | None
    """Somebody wished it to end."""
    freed_s: float | None
    """The server let go of the connection and of its queue."""
    gone_s: float | None
    """Its kernel let go of the socket, and of what was queued there."""
    server_saw: str
    client_saw: list[str]
    """What the client came upon, in order: close with its status code, fin, reset."""


class CellOutcome(Struct, frozen=True):
    """All of it."""

    opened: bool
    memory: CellMemory
    loss: Loss
    others: Others
    ending: CellEnding
    recovery: Recovery
    story: list[str]
    """What happened to the client under test, in order."""
