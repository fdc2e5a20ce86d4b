"""What is measured besides the queues: how a connection ended, and how the other clients fared."""

from enum import StrEnum

from msgspec import Struct

from .outcomes import Outcome

GROWN_MIN_BYTES = 2**20


class Ending(Struct, frozen=True, kw_only=True):
    """Three facts, each with its time since the stall began; null: it was not seen by the end of the watch.

    They are different: the server has decided, its socket has gone, and the memory is back.
    """

    decided_after_s: float
    """Seconds until the first sign of the end, in either kernel or as a frame."""
    sign: str
    """That sign: ``close`` (a frame), ``fin``, ``rst``, or ``state``: the server's own end of TCP had left
    ESTABLISHED, and nothing else had come.
    """
    gone_after_s: float | None
    """Seconds until the kernel no longer listed the server's end of the connection."""
    left_state: str | None
    """If it was still listed, its TCP state when the watch ended; null: not listed, or not visible."""
    left_bytes: int | None
    """Bytes in its send queue at that time."""
    grown_bytes: int | None
    """By how much the server's memory had grown when it decided; null: memory could not be read."""
    freed_after_s: float | None
    """Seconds until the memory was back except for a fifth of its growth; null, too, where it had hardly
    grown.
    """
    watched_s: float
    """For how long it was watched after the decision, while the client still did not read."""

    @property
    def worth_freeing(self) -> bool:
        """Whether memory had grown enough for its decrease to be distinguished from the process's usual
        changes.
        """
        return self.grown_bytes is not None and self.grown_bytes >= GROWN_MIN_BYTES


class Reaction(Struct, frozen=True, kw_only=True):
    """What the server did for a time; seconds are counted from the beginning of the stall."""

    outcome: Outcome
    from_s: float
    until_s: float | None
    """The end of that time; None: the end of the watch."""


class Healthy(StrEnum):
    """Clients that read everything and answer each Ping."""

    WITNESS = "witness"
    """The witness. It sends Pings of its own, too."""
    SILENT_CONTROL = "silent control"
    """The third client. It sends nothing of its own accord, as a browser does."""
    BEFORE_ITS_STALL = "client before its stall"
    """The client under test while it still read everything; it was tried again."""
    SLOW_CLIENT = "slow client"
    """The client under test, if its stall is to read slowly."""


class Cut(Struct, frozen=True, kw_only=True):
    """The server ended the connection of a healthy client."""

    who: Healthy
    alone: bool
    """No other client of this program had joined yet."""
    after_s: float
    """Seconds since it had joined."""
    how: str
    """What it saw: ``close`` (a frame), ``fin``, ``rst``; ``state``: nothing, only the server's own end of
    TCP had left ESTABLISHED."""
    code: int | None
    reason: str
    """The reason in the server's own words; it may be hostile, and it may be empty."""
    own_lag_s: float = 0.0
    """The longest time in the second before in which this program itself did not read."""
    unread_bytes: int = 0
    """The most bytes in that second that its kernel had received and this program had not read."""
    bytes_per_s: float = 0.0
    """Bytes a second that the client had read until then."""


class Latency(Struct, frozen=True, kw_only=True):
    """From a Ping of the witness to its Pong: it passes the server's event loop and its queue for the
    witness.
    """

    pongs: int
    p50_s: float | None
    """Null: there were too few."""
    p99_s: float | None = None
    """Null: there were fewer than 20."""
    max_s: float
    """The longest wait; a Ping that had no Pong when the period ended counts, too."""
    own_lag_s: float
    """The longest time in which this program itself did not run."""


class Period(Struct, frozen=True, kw_only=True):
    """How the witness and the server fared for a while."""

    seconds: float
    latency: Latency | None = None
    """Null: the server answered no Ping."""
    cpu_share: float | None = None
    """CPU seconds a second of the server's processes; null: they could not be read."""
    own_cpu_share: float | None = None
    """The same of this program, for all stalls that were tried at that time; null: the period was too
    short.
    """


class Periods(Struct, frozen=True, kw_only=True):
    """Before the stall, during it, and after the wake or the client's death; null: not measured."""

    baseline: Period | None = None
    stall: Period | None = None
    wake: Period | None = None


class MemoryAfter(Struct, frozen=True, kw_only=True):
    """The memory of the server's processes besides the samples; null: it could not be read."""

    pss_growth_bytes: int | None = None
    """From the beginning to the end of the stall, with shared pages counted once; null for a single
    process, too, since its RSS is the same.
    """
    end_bytes: int | None = None
    """RSS when the watch ended."""
    end_after_s: float = 0.0
    """How long after the wake, or after the client's death, that was."""
