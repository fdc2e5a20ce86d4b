"""Measurements besides the queues: how a connection ended, and how the stall affected other clients."""

from enum import StrEnum

from msgspec import Struct

from .outcomes import Outcome

GROWN_MIN_BYTES = 2**20
"""Growth of memory below this cannot be told from a process's usual changes."""
LEFT_SHARE = 0.2
"""The memory of an ended connection counts as freed when at most this share of its growth is left."""


class Ending(Struct, frozen=True, kw_only=True):
    """Three different facts about an end, each with its time since the stall began: the server has
    decided, its socket has gone, and its memory is back. Null: not observed before the watch ended.
    """

    decided_after_s: float
    """Seconds until the first sign of the end, in either kernel or as a frame."""
    sign: str
    """The first sign: ``close`` (a frame), ``fin``, ``rst``, or ``state``: the server's end of TCP had
    left ESTABLISHED, and nothing else had come.
    """
    gone_after_s: float | None
    """Seconds until the kernel no longer listed the server's end of the connection."""
    left_state: str | None
    """The TCP state of the server's end when the watch ended, if still listed; null: not listed, or not
    visible.
    """
    left_bytes: int | None
    """Bytes in its send queue when the watch ended."""
    grown_bytes: int | None
    """Growth of the server's memory until it decided; null: memory could not be read."""
    freed_after_s: float | None
    """Seconds until the memory was back except for a fifth of its growth; also null if it had hardly
    grown.
    """
    watched_s: float
    """Seconds for which the end was watched after the decision, while the client still did not read."""

    @property
    def worth_freeing(self) -> bool:
        """Whether memory had grown so much that its decrease can be told from the process's
        usual changes.
        """
        return self.grown_bytes is not None and self.grown_bytes >= GROWN_MIN_BYTES


class Reaction(Struct, frozen=True, kw_only=True):
    """What the server did in one time span; seconds count from the beginning of the stall."""

    outcome: Outcome
    from_s: float
    until_s: float | None
    """The end of the time span; None: the end of the watch."""


class Healthy(StrEnum):
    """Clients that read everything and answer each Ping."""

    WITNESS = "witness"
    """The witness, which also sends Pings."""
    SILENT_CONTROL = "silent control"
    """The third client, which sends nothing of its own accord, as a browser does."""
    BEFORE_ITS_STALL = "client before its stall"
    """The client under test while it still read everything; it was replaced by a new one."""
    SLOW_CLIENT = "slow client"
    """The client under test, if its stall is to read slowly."""


class Cut(Struct, frozen=True, kw_only=True):
    """The server ended the connection of a healthy client."""

    who: Healthy
    alone: bool
    """Whether no other client of this program had joined yet."""
    after_s: float
    """Seconds since the client had joined."""
    how: str
    """What the client received: ``close`` (a frame), ``fin``, ``rst``; ``state``: nothing, only the
    server's end of TCP had left ESTABLISHED.
    """
    code: int | None
    reason: str
    """The reason in the server's own words; it may be hostile, and it may be empty."""
    own_lag_s: float = 0.0
    """The longest time, in the second before the end, in which this program did not read."""
    unread_bytes: int = 0
    """The most unread bytes of the client in that second."""
    bytes_per_s: float = 0.0
    """Bytes per second that the client had read until then."""


class Latency(Struct, frozen=True, kw_only=True):
    """The time from a Ping of the witness to its Pong, which passes the server's event loop and its queue
    for the witness.
    """

    pongs: int
    p50_s: float | None
    """Null: there were too few."""
    p99_s: float | None = None
    """Null: there were fewer than 20."""
    max_s: float
    """The longest wait, including a Ping that had no Pong when the period ended."""
    own_lag_s: float
    """The longest time in which this program did not run."""


class Period(Struct, frozen=True, kw_only=True):
    """Measurements of the witness and the server in one period."""

    seconds: float
    latency: Latency | None = None
    """Null: the server answered no Ping."""
    cpu_share: float | None = None
    """CPU seconds per second of the server's processes; null: they could not be read."""
    own_cpu_share: float | None = None
    """CPU seconds per second of this program, for all stalls at that time; null: the period
    was too short.
    """


class Periods(Struct, frozen=True, kw_only=True):
    """The periods before the stall, during it, and after the wake or the client's end;
    null: not measured.
    """

    baseline: Period | None = None
    stall: Period | None = None
    wake: Period | None = None


class MemoryAfter(Struct, frozen=True, kw_only=True):
    """The memory of the server's processes besides the samples; null: it could not be read."""

    pss_growth_bytes: int | None = None
    """Growth from the beginning to the end of the stall, with shared pages counted once; also null for a
    single process, since its RSS is the same.
    """
    end_bytes: int | None = None
    """RSS when the watch ended."""
    end_after_s: float = 0.0
    """Seconds from the wake, or from the client's end, until then."""
