"""Observations of one stall besides its looks, from the baseline to the wake test."""

from msgspec import Struct

from .comparison import Comparison
from .measures import Cut, Ending, MemoryAfter, Periods
from .outcomes import HORIZON_BYTES

_MESSAGES_MIN = 3


class Rhythm(Struct, frozen=True, kw_only=True):
    """The rhythm of the witness's messages before the stall."""

    every_s: float = 0.0
    """Median seconds from the beginning of one burst to that of the next; 0: the stream is steady, or its
    period is not known.
    """
    messages: float = 0.0
    """Messages per burst; for a steady stream, messages per second."""


class Baseline(Struct, frozen=True, kw_only=True):
    """The stream as the witness received it before the stall."""

    seconds: float
    bytes_per_s: float
    messages: int
    worst_gap_s: float
    pace: float
    """Bytes that the stalled client received for each byte of the witness; 1 if not known."""
    rhythm: Rhythm = Rhythm()
    ended: bool = False
    """Whether the stream had been silent for long when the stall began: there was none, or it had ended."""
    earlier_messages: int = 0
    """Messages that the witness received before the baseline: a welcome, a snapshot, a whole answer."""
    memory_per_s: float = 0.0
    """Growth of the server's memory in the baseline, in bytes per second; 0: it did not grow, or cannot be
    read.
    """
    withheld_s: float | None = None
    """Seconds for which the server or this program was ready to run and the machine ran others; None: not
    known.
    """

    @property
    def withheld_share(self) -> float | None:
        """The share of the baseline that the machine withheld; None: not known."""
        return None if self.withheld_s is None else self.withheld_s / self.seconds

    @property
    def has_stream(self) -> bool:
        """Whether there is a stream in which a client can be stalled."""
        return not self.ended and (self.messages >= _MESSAGES_MIN or self.rhythm.every_s > 0)


class ServerEnding(Struct, frozen=True, kw_only=True):
    """How the server ended the stalled client's connection."""

    decided_after_s: float | None
    """Seconds from the beginning of the stall to the first sign of the end; None: the end was observed
    only after the wake.
    """
    how: str
    """What the client received: ``close``, ``fin``, ``rst``, ``protocol-error``; ``state``: nothing, only
    the server's end of TCP had left ESTABLISHED.
    """
    code: int | None = None
    reason: str = ""
    cut_short: bool = False
    """Whether TCP ended within a message, so that the end did not wait behind the server's messages."""


class Unstalled(Struct, frozen=True, kw_only=True):
    """The stream of a client that reads everything, at a time when no client was stalled. It is watched if
    a pause that the server makes by itself, or its usual rate, could explain what was seen in the stall.
    """

    seconds: float
    gap_s: float
    """The longest time in which the client received nothing."""
    net_gap_s: float | None
    """The same without the seconds that the machine withheld; None: not known."""
    bytes_per_s: float | None = None
    """What the client received a second, without its longest wait; None: not known."""


class StallRecord(Struct, frozen=True, kw_only=True):
    """One stall from the baseline to the wake, without its looks. A field is None where it could not be
    observed.
    """

    kind: str
    """The name of the stall."""
    server: str
    """The server's name, as its answer gives it, and the names of its processes."""
    baseline: Baseline
    stalled_s: float
    """Seconds from the stall's beginning to its end. The looks until then are judged."""
    apart: bool
    """Whether different processes of one pool serve the two clients; each process has subscribers of its
    own.
    """
    ended_before: bool
    """Whether the server had ended the stalled client's connection before the stall."""
    full_after_s: float | None
    """Seconds from the beginning of the stall until the kernels accepted no more; None: they accepted
    everything.
    """
    stopped_by: str
    """Why the stall ended: ``enough``, ``time``, ``memory``, ``silence``, ``closed``, ``messages``."""
    comparison: Comparison
    joining_bytes: int = 0
    """Bytes that the server held for the stalled client, beyond both kernels, when the stall began."""
    still_joining: bool = False
    """Whether one of the clients was still receiving what the server sends on joining when the baseline
    began.
    """
    end: ServerEnding | None
    witness_ended: bool
    """Whether the witness's connection ended as well."""
    server_gone: bool
    """Whether the server's process has ended."""
    witness_after_per_s: float | None
    """Bytes per second that the witness received after the wake; None: not watched."""
    resumed_after_s: float | None
    """Seconds from the wake until the witness received bytes; None: it received none, or
    was not watched.
    """
    beyond_bytes: int
    """Bytes that came after the wake beyond those that the kernels held at the wake."""
    forgotten: bool
    """Whether the stalled client received nothing at the end although it read, while the witness received
    its stream.
    """
    drain_s: float
    drain_gap_s: float
    """The longest time after the wake in which the witness received nothing."""
    own_lag_s: float
    """The longest time after the wake in which this program did not run."""
    gone_s: float
    """Seconds for which the server was watched after the client had vanished."""
    growth_after_close_per_s: float | None
    """Growth of memory after the client had vanished, in bytes per second."""
    pings: int
    """The number of Pings, or of the application's heartbeats, that the server sent the witness during the
    stall.
    """
    ping_interval_s: float | None
    has_ping: bool
    """Whether the stream's protocol has a Ping."""
    visible: bool
    """Whether the server's end of the connection could be read."""
    available_bytes: int | None
    """Memory that was available on this machine when the stall ended (MemAvailable); None: the server is on
    another machine."""
    memory_remedy: str
    """What the user can do to make the server's memory readable; empty if it was read, or if nothing is
    known.
    """
    fresh: bool
    """Whether the process was started for this stall, so that its memory holds nothing of an earlier
    stall.
    """
    horizon_bytes: int = HORIZON_BYTES
    """Growth past this many refused bytes is called unbounded."""
    ending: Ending | None = None
    """How the connection ended, as far as it was watched before the wake; None: the server had not ended
    it by then.
    """
    rate_per_s: float | None = None
    """Bytes per second that a slow reader read; None: it read its share of the stream."""
    cuts: tuple[Cut, ...] = ()
    """The healthy clients whose connections the server has ended."""
    controlled: bool = False
    """Whether a third client, which reads everything and sends nothing, was connected."""
    keepalive_s: float | None = None
    """Seconds for which a client that answers no Ping was to be watched; None: the user did not ask for
    that.
    """
    stall_lag_s: float = 0.0
    """The longest time during the stall in which this program did not run."""
    drain_net_gap_s: float | None = None
    """The longest time after the wake in which the witness received nothing, without the seconds that the
    machine withheld; None: not known.
    """
    after_withheld_s: float | None = None
    """Seconds that the machine withheld after the wake, or after the client had vanished;
    None: not known.
    """
    unstalled: Unstalled | None = None
    """The control: a client that reads everything, when no client was stalled; None: not watched."""
    periods: Periods = Periods()
    memory_after: MemoryAfter = MemoryAfter()
