"""What was seen of one stall beside its looks, from the baseline to the wake test."""

from msgspec import Struct

from .comparison import Comparison
from .measures import Cut, Ending, MemoryAfter, Periods
from .outcomes import HORIZON_BYTES

_MESSAGES_MIN = 3


class Rhythm(Struct, frozen=True, kw_only=True):
    """How the witness's messages came before the stall."""

    every_s: float = 0.0
    """Seconds from the beginning of one burst to the beginning of the next, the median; 0: the stream is
    steady, or its period is not known."""
    messages: float = 0.0
    """Messages in a burst; of a steady stream, messages in a second."""


class Baseline(Struct, frozen=True, kw_only=True):
    """The stream as the witness received it before the stall."""

    seconds: float
    bytes_per_s: float
    messages: int
    worst_gap_s: float
    pace: float
    """Bytes that the stalled client received for each byte of the witness; 1 where that is not known."""
    rhythm: Rhythm = Rhythm()
    ended: bool = False
    """The stream had been silent for long when the stall began: there was none, or it had ended."""
    earlier_messages: int = 0
    """Messages that the witness received before that: a welcome, a snapshot, a whole answer."""
    memory_per_s: float = 0.0
    """Bytes a second that the server's memory grew by meanwhile; 0: it did not grow, or cannot be read."""
    withheld_s: float | None = None
    """For so long the server or this program was ready to run and the machine ran others; None: not known.
    """

    @property
    def has_stream(self) -> bool:
        """Whether there is a stream that a client can be stalled in."""
        return not self.ended and (self.messages >= _MESSAGES_MIN or self.rhythm.every_s > 0)


class ServerEnding(Struct, frozen=True, kw_only=True):
    """The server ended the stalled client's connection."""

    decided_after_s: float | None
    """Seconds from the beginning of the stall to the first sign of the end; None: the end was seen only
    after the wake."""
    how: str
    """What the client saw: ``close``, ``fin``, ``rst``, ``protocol-error``; ``state``: nothing, only the
    server's own end of TCP had left ESTABLISHED."""
    code: int | None = None
    reason: str = ""
    cut_short: bool = False
    """The end of TCP came within a message: it did not wait behind what the server had to send."""


class StallRecord(Struct, frozen=True, kw_only=True):
    """One stall from the baseline to the wake, without its looks. A field is None where it could not be
    observed.
    """

    kind: str
    """Which stall, by its name."""
    server: str
    """What the server calls itself, and its processes."""
    baseline: Baseline
    stalled_s: float
    """When the stall ended. The looks until then are judged."""
    apart: bool
    """The two clients are served by different processes of one pool: each has subscribers of its own."""
    ended_before: bool
    """The server had ended the stalled client's connection before it stalled."""
    full_after_s: float | None
    """Seconds from the beginning of the stall until the kernels accepted no more."""
    stopped_by: str
    """Why the stall ended: ``enough``, ``time``, ``memory``, ``silence``, ``closed``, ``messages``."""
    comparison: Comparison
    joining_bytes: int = 0
    """What the server held for the stalled client, beyond both kernels, when the stall began."""
    still_joining: bool = False
    """One of the two clients was still given what it is sent on joining when the baseline began."""
    end: ServerEnding | None
    witness_ended: bool
    """The witness's connection ended as well."""
    server_gone: bool
    """The server's process has ended."""
    witness_after_per_s: float | None
    """Bytes a second that the witness was given after the wake; None: not watched."""
    resumed_after_s: float | None
    """Seconds from the wake until the witness received anything; None: it received nothing, or was not
    watched."""
    beyond_bytes: int
    """Bytes that came after the wake beyond those that the kernels held at the wake."""
    forgotten: bool
    """At the end the stalled client received nothing although it read, while the witness did."""
    drain_s: float
    drain_gap_s: float
    """The longest time after the wake in which the witness received nothing."""
    own_lag_s: float
    """The longest time after the wake in which this program itself did not run."""
    gone_s: float
    """How long the server was watched after the client had vanished."""
    growth_after_close_per_s: float | None
    """Bytes a second that memory grew after the client had vanished."""
    pings: int
    """The latency of the witness's Pings, or of the application's heartbeats, during the stall."""
    ping_interval_s: float | None
    has_ping: bool
    """Whether the stream's protocol has a Ping."""
    visible: bool
    """Whether the server's end of the connection could be read."""
    available_bytes: int | None
    """Memory that was available on this machine when the stall ended (MemAvailable); None: the server is on
    another machine."""
    memory_remedy: str
    """What the user can do so that the server's memory can be read; empty where it was read, or where
    nothing is known."""
    fresh: bool
    """The process was started for this stall, so its memory holds nothing of an earlier stall."""
    horizon_bytes: int = HORIZON_BYTES
    """Growth that went on past so many refused bytes is called unbounded."""
    ending: Ending | None = None
    """How the connection ended, as far as it was watched before the wake; None where the server had not
    ended it by then."""
    rate_per_s: float | None = None
    """Bytes a second that a slow reader read; None: it read its share of the stream."""
    cuts: tuple[Cut, ...] = ()
    """The healthy clients whose connections the server has ended."""
    controlled: bool = False
    """Whether a third client, which reads everything and sends nothing, was connected."""
    keepalive_s: float | None = None
    """How long a client that gives no sign of life was to be watched; None: the user did not ask for that.
    """
    stall_lag_s: float = 0.0
    """The longest time during the stall in which this program itself did not run."""
    drain_net_gap_s: float | None = None
    """The longest time after the wake in which the witness received nothing, less what the machine withheld
    in it; None: not known."""
    after_withheld_s: float | None = None
    """Seconds after the wake, or after the client had vanished, that the machine withheld; None: not known.
    """
    periods: Periods = Periods()
    memory_after: MemoryAfter = MemoryAfter()
