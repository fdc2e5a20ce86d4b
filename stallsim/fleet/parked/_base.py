"""What a parked client is: what it reads once it is open, as data. It has no task and no parser."""

from typing import ClassVar


class Parked:
    """One kind. A parked client is a descriptor and a few bytes; who holds it does what is said here."""

    rcvbuf: ClassVar[int | None] = None
    """SO_RCVBUF asked for; None: the kernel's default, or what the fleet asks for."""
    opens: ClassVar[bool] = True
    """Whether it sends its opening handshake at all."""
    reads_more_bytes: ClassVar[int] = 0
    """What it reads of its own accord once it is open, and then no more."""
    rate_bytes_per_s: ClassVar[int] = 0
    """How fast it goes on reading."""
    reads_all: ClassVar[bool] = False
    """It reads everything as it comes, and answers nothing."""
    awake_s: ClassVar[float] = 0.0
    """With ``asleep_s``: it reads everything for so long, in turn with reading nothing."""
    asleep_s: ClassVar[float] = 0.0
    black_hole: ClassVar[bool] = False
    """Its kernel drops every segment once it is open (docs/private-stack.md)."""

    @classmethod
    def stalls(cls) -> bool:
        """Whether a stream stalls it in the end, however slow that is."""
        return cls.opens and not (cls.reads_all or cls.rate_bytes_per_s or cls.awake_s)
