"""What is measured beside the queues: how a connection ended, and how the others fared meanwhile."""

from enum import StrEnum

from msgspec import Struct

from .outcomes import Outcome

GROWN_MIN_BYTES = 2**20


class Ending(Struct, frozen=True, kw_only=True):
    """Three facts, each with its time since the stall began; null: it was not seen by the end of the watch.

    That the server has decided, that its socket is gone, and that the memory is back are not the same.
    """

    decided_after_s: float
    """The first sign of it, in either kernel or as a frame."""
    sign: str
    """That sign: ``close`` (a frame), ``fin``, ``rst``, or ``state``: only the server's own end of TCP had
    left ESTABLISHED, and nothing had come."""
    gone_after_s: float | None
    """The kernel knew the server's end of the connection no more."""
    left_state: str | None
    """Where it was not gone, its state of TCP when the watch ended; null: gone, or not to be seen."""
    left_bytes: int | None
    """In its send queue then."""
    grown_bytes: int | None
    """By how much the server's memory had grown when it decided; null: not to be read."""
    freed_after_s: float | None
    """The memory was back, but for a fifth of its growth; null, too, where it had hardly grown."""
    watched_s: float
    """How long it was watched after the decision, the client still not reading."""

    @property
    def worth_freeing(self) -> bool:
        """Whether memory had grown by enough for its coming back to be told from what it does anyway."""
        return self.grown_bytes is not None and self.grown_bytes >= GROWN_MIN_BYTES


class Reaction(Struct, frozen=True, kw_only=True):
    """What the server did for a while; times are since the stall began."""

    outcome: Outcome
    from_s: float
    until_s: float | None
    """None: to the end of the watch."""


class Healthy(StrEnum):
    """A client that reads everything and answers each Ping."""

    WITNESS = "witness"
    """It sends Pings of its own, too."""
    SILENT_CONTROL = "silent control"
    """It sends nothing of its own accord, as a browser does."""
    BEFORE_ITS_STALL = "client before its stall"
    """The one under test while it still read everything; it was tried again."""
    SLOW_CLIENT = "slow client"
    """The one under test, where its stall is to read slowly."""


class Cut(Struct, frozen=True, kw_only=True):
    """The server ended the connection of a healthy client."""

    who: Healthy
    alone: bool
    """No other client of ours had joined yet."""
    after_s: float
    """Since it had joined."""
    how: str
    """What it saw: ``close`` (a frame), ``fin``, ``rst``; ``state``: nothing, only the server's own end of
    TCP had left ESTABLISHED."""
    code: int | None
    reason: str
    """The server's own words; may be hostile, may be empty."""
    own_lag_s: float = 0.0
    """The longest time in the second before that this program itself was kept from reading."""
    bytes_per_s: float = 0.0
    """What the client had read until then, a second."""


class Latency(Struct, frozen=True, kw_only=True):
    """From a Ping of the witness to its Pong: the server's event loop, and its queue for the witness."""

    pongs: int
    p50_s: float | None
    """Null: there were too few."""
    p99_s: float | None = None
    """Null: there were fewer than 20."""
    max_s: float
    """A Ping that waited for its answer when the period ended counts as well."""
    own_lag_s: float
    """The longest time that this program itself was kept from looking."""


class Period(Struct, frozen=True, kw_only=True):
    """How the witness and the server fared for a while."""

    seconds: float
    latency: Latency | None = None
    """Null: the server has answered no Ping."""
    cpu_share: float | None = None
    """CPU seconds a second of the server's processes; null: not to be read."""
    own_cpu_share: float | None = None
    """The same of this program, for all stalls that it tried meanwhile; null: too short a time."""


class Periods(Struct, frozen=True, kw_only=True):
    """Before the stall, during it, and after the wake or the client's death; null: not measured."""

    baseline: Period | None = None
    stall: Period | None = None
    wake: Period | None = None


class MemoryAfter(Struct, frozen=True, kw_only=True):
    """The memory of the server's processes beyond the samples; null: not to be read."""

    pss_growth_bytes: int | None = None
    """From the beginning to the end of the stall, shared pages counted once; null for a single process,
    too, whose RSS says the same."""
    end_bytes: int | None = None
    """RSS when the watch ended."""
    end_after_s: float = 0.0
    """How long after the wake, or after the client's death, that was."""
