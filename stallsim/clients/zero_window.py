"""The smallest stall: a client with the smallest receive buffer, which it never reads."""

from ..units import BufferSize
from ._base import TickNumber
from .stop_reading import StopReading


class ZeroWindow(StopReading, frozen=True):
    """Never reads, with the smallest receive buffer that Linux gives (2,304 bytes).

    On the wire: one or two segments, then ``win 0`` and the sender's zero-window probes (RFC 9293
    3.8.6.1), answered by the client's kernel at most once in 500 ms. A device out of memory, or an attack
    (CVE-2008-4609), looks like this.
    """

    rcvbuf: BufferSize | None = 1
    stop_tick: TickNumber = 0
    """The tick from which the client reads no more; by default it never reads."""
