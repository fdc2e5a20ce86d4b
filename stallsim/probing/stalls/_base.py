"""What a stall of a probe is: a class that says what its client reads once it is stalled."""

from typing import ClassVar

from ...measured import MAXSEG_BYTES
from ...units import format_size


class Stall:
    """One kind of stalled client. Its module has its name; its docstring's first line is for lists."""

    does: ClassVar[str]
    """What such a client does, for the report; the words "a client" are put before it."""
    from_the_start: ClassVar[bool] = False
    """It reads nothing after the opening handshake, so the baseline comes from the witness alone."""
    rcvbuf: ClassVar[int] = 4096
    maxseg: ClassVar[int] = MAXSEG_BYTES
    """With these two values the kernels together accept 0.7 MB instead of 4 MB (measured), and a stream of
    20 MB/s still comes through.
    """
    reads_more_bytes: ClassVar[int] = 0
    """Bytes that it still reads after the stall begins, as a browser's network process does."""
    who: ClassVar[str] = "does not read"
    """A description, with the words "a client that" put before it; one that reads says what it reads."""
    rate_share: ClassVar[float] = 0.0
    """The share of the stream that it goes on reading; less than 1."""
    pause_s: ClassVar[float] = 0.0
    """The longest pause in seconds in which it reads nothing; between pauses it reads everything. 0: no
    pauses.
    """
    reads_all: ClassVar[bool] = False
    """It reads everything, and answers no Ping."""
    vanishes: ClassVar[bool] = False
    """It ends with RST while its queues are full, and never wakes."""

    def __init__(self, rate_per_s: float = 0.0) -> None:
        """``rate_per_s``: bytes a second that it goes on reading, whatever its share would be."""
        self.rate_per_s = rate_per_s

    @property
    def reads_slowly(self) -> bool:
        """Whether it reads all the time, but less than it is sent."""
        return self.rate_share > 0 or self.rate_per_s > 0

    @property
    def healthy(self) -> bool:
        """Whether it is alive all the time: it reads, and answers every Ping that it has received."""
        return self.reads_slowly or self.pause_s > 0

    @property
    def aside(self) -> bool:
        """Whether its result says nothing about a bound on the queue."""
        return self.reads_all or self.vanishes or self.pause_s > 0

    def rate_of(self, usual_per_s: float) -> float:
        """Bytes a second that it reads of a stream of so many bytes a second."""
        return self.rate_per_s or self.rate_share * usual_per_s

    def share_of(self, usual_per_s: float) -> float:
        """The same as a share of the stream, at most 1."""
        return min(1.0, self.rate_of(usual_per_s) / usual_per_s) if usual_per_s else 0.0

    def in_words(self) -> str:
        """What it does, with the rate at which it reads."""
        return f"reads {format_size(self.rate_per_s)} a second" if self.rate_per_s else self.does

    def of_whom(self) -> str:
        """Its description, with the rate at which it reads."""
        return self.in_words() if self.rate_per_s else self.who

    @property
    def name(self) -> str:
        """Its name, in kebab-case."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")
