"""What a watch asks of the kernel, and the sources that can answer."""

from collections.abc import Sequence
from typing import Protocol

from ...kernel.diag_socket import DiagSocket
from ...kernel.sock_diag import Address

Raw = bytes | DiagSocket
"""One socket as the source gives it: a message of ``sock_diag``, which is read when it is needed."""


class Asked(Protocol):
    """``SockDiag``, or a process that asks it in another network namespace."""

    def dump(self, port: int, states: int, families: tuple[int, ...]) -> list[bytes]:
        """Every socket with that local port."""

    def find(self, own: Address, peer: Address) -> bytes | None:
        """One end of a connection."""

    def close(self) -> None:
        """Close what is used for asking."""


class Source(Protocol):
    """Readings of one network namespace. Raises Unavailable where the kernel refuses."""

    words: str
    """The name of this source, for the header of a recording."""
    missing: str
    """What this source cannot show, and what would show more; empty where it shows everything."""

    def listeners(self) -> list[DiagSocket]:
        """Every TCP socket that listens."""

    def connections(self, port: int, families: tuple[int, ...]) -> Sequence[Raw]:
        """Every connection with that own port, in the states in which bytes can wait; port 0: any port."""

    def peer(self, end: DiagSocket) -> DiagSocket | None:
        """The other end of that connection, where it is in the same network namespace."""

    def close(self) -> None:
        """Close what is used for asking."""
