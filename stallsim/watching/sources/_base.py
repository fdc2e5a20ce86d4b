"""The queries that a watch sends to the kernel, and the protocol of the sources that answer them."""

from collections.abc import Sequence
from typing import Protocol

from ...kernel.diag_socket import DiagSocket
from ...kernel.sock_diag import Address

Raw = bytes | DiagSocket
"""One socket as the source returns it: a message of ``sock_diag`` that is decoded only when needed, or a
decoded socket.
"""


class Asked(Protocol):
    """``SockDiag``, or a helper process that queries it in another network namespace."""

    def dump(self, port: int, states: int, families: tuple[int, ...]) -> list[bytes]:
        """Every socket with this local port."""

    def find(self, own: Address, peer: Address) -> bytes | None:
        """One end of a connection; None if there is no such socket."""

    def close(self) -> None:
        """Close what is used for the queries."""


class Source(Protocol):
    """Readings of one network namespace. Raises Unavailable if the kernel refuses."""

    words: str
    """The name of this source, for the header of a recording."""
    missing: str
    """What this source cannot show, and what would show more; empty if it shows everything."""

    def listeners(self) -> list[DiagSocket]:
        """Every TCP socket that listens."""

    def connections(self, port: int, families: tuple[int, ...]) -> Sequence[Raw]:
        """Every connection with this local port, in the states in which bytes can wait; port 0: any
        port.
        """

    def peer(self, end: DiagSocket) -> DiagSocket | None:
        """The other end of that connection; None if it is not in the same network namespace."""

    def close(self) -> None:
        """Close what is used for the queries."""
