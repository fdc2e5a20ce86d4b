"""What a stall of a probe is: a class that says what its client reads once it is stalled."""

from typing import ClassVar

from ...measured import MAXSEG_BYTES


class Stall:
    """One kind of stalled client. Its module has its name; its docstring's first line is for lists."""

    does: ClassVar[str]
    """What such a client does, for the report: "a client" goes before it."""
    from_the_start: ClassVar[bool] = False
    """It reads nothing after the opening handshake; the witness alone gives the baseline."""
    rcvbuf: ClassVar[int] = 4096
    maxseg: ClassVar[int] = MAXSEG_BYTES
    """With these two the kernels together take 0.7 MB where they would take 4 MB (measured), and a stream
    of 20 MB/s still comes through."""
    reads_more_bytes: ClassVar[int] = 0
    """What it reads of its own accord after the stall begins, as a browser's network process does."""
    rate_share: ClassVar[float] = 0.0
    """How much of the stream it goes on reading; less than 1."""
    reads_all: ClassVar[bool] = False
    """It reads everything, and answers no Ping."""
    vanishes: ClassVar[bool] = False
    """It ends with RST, its queues full, and never wakes."""

    @property
    def name(self) -> str:
        """What it is called, kebab-case."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")
