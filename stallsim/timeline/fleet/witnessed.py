"""The measurements of the witnesses of a fleet over a period."""

from msgspec import Struct

from ..histogram import Histogram


class Witnessed(Struct, frozen=True, kw_only=True):
    """The measurements of all witnesses over a period."""

    witnesses: int = 1
    seconds: float
    bytes_per_s: float
    """Payload of messages that each witness received, on average."""
    pongs: int
    p50_s: float | None
    """Median seconds from a Ping to its Pong, at most a sixteenth too long; None: there were too few."""
    p99_s: float | None
    worst_s: float
    """The longest wait, including Pings that had no Pong yet."""
    own_lag_s: float
    """The longest time for which this program did not run."""
    ended: int
    """Witnesses whose connection had ended."""
    waits_us: Histogram = Histogram()
    """Microseconds from each Ping to its Pong."""
    waiting_s: tuple[float, ...] = ()
    """Seconds that each Ping without a Pong had waited at the end."""
    silent_s: float = 0.0
    """The longest time in which a witness received no part of a message, without this program's own lag."""
    least_bytes_per_s: float | None = None
    """The least ``bytes_per_s`` in any five seconds of a step; None: the step was shorter."""
    given_bytes: int = 0
    """Payload of messages that all witnesses received."""
