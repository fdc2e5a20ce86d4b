"""The base class of a probe's stalls: a stall defines what its client reads once it is stalled."""

from typing import ClassVar

from ...measured import MAXSEG_BYTES
from ...units import format_size


class Stall:
    """One kind of stalled client. Its module has its name; its docstring's first line is for lists."""

    does: ClassVar[str]
    """What such a client does, for the report; the words "a client" are put before it."""
    from_the_start: ClassVar[bool] = False
    """Whether the client reads nothing after the opening handshake, so that the baseline has only the
    witness.
    """
    rcvbuf: ClassVar[int] = 4096
    maxseg: ClassVar[int] = MAXSEG_BYTES
    """With these two values the kernels together accept 0.7 MB instead of 4 MB (measured), and a stream of
    20 MB/s still comes through.
    """
    reads_more_bytes: ClassVar[int] = 0
    """Bytes that the client still reads after the stall begins, as a browser's network process does."""
    who: ClassVar[str] = "does not read"
    """What the report says after "a client that"; a stall whose client reads must state what it reads."""
    rate_share: ClassVar[float] = 0.0
    """The share of the stream that the client goes on reading; less than 1."""
    pause_s: ClassVar[float] = 0.0
    """The longest pause in seconds in which the client reads nothing; between pauses it reads everything.
    0: no pauses.
    """
    reads_all: ClassVar[bool] = False
    """Whether the client reads everything and answers no Ping."""
    vanishes: ClassVar[bool] = False
    """Whether the client ends with RST while its queues are full, and never wakes."""

    def __init__(self, rate_per_s: float = 0.0) -> None:
        """``rate_per_s``: bytes per second that the client goes on reading; it replaces ``rate_share``."""
        self.rate_per_s = rate_per_s

    @property
    def reads_slowly(self) -> bool:
        """Whether the client reads all the time, but less than the server sends."""
        return self.rate_share > 0 or self.rate_per_s > 0

    @property
    def healthy(self) -> bool:
        """Whether the client is alive all the time: it reads, and answers every Ping that it has read."""
        return self.reads_slowly or self.pause_s > 0

    @property
    def aside(self) -> bool:
        """Whether the stall's result shows nothing about a bound on the queue."""
        return self.reads_all or self.vanishes or self.pause_s > 0

    def rate_of(self, usual_per_s: float) -> float:
        """Bytes per second that the client reads of a stream of ``usual_per_s``."""
        return self.rate_per_s or self.rate_share * usual_per_s

    def share_of(self, usual_per_s: float) -> float:
        """``rate_of`` as a share of the stream, at most 1."""
        return min(1.0, self.rate_of(usual_per_s) / usual_per_s) if usual_per_s else 0.0

    def in_words(self) -> str:
        """What the client does, with its rate if the user set one."""
        return f"reads {format_size(self.rate_per_s)} a second" if self.rate_per_s else self.does

    def of_whom(self) -> str:
        """``who``, with the rate if the user set one."""
        return self.in_words() if self.rate_per_s else self.who

    @property
    def name(self) -> str:
        """The stall's name, in kebab-case."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")
