"""Readings by ``sock_diag``: every field of any user's sockets, without privileges."""

from collections.abc import Sequence

from ...kernel.diag_socket import DiagSocket, SocketId, TcpState, unpack_diag
from ...kernel.sock_diag import CONNECTED, FAMILIES, LISTENING, Address
from ._base import Asked, Raw

OWN = "sock_diag, in this network namespace"


class DiagSource:
    """A source that queries this process's own netlink socket, or a helper in another namespace."""

    missing = ""

    def __init__(self, asked: Asked, words: str = OWN) -> None:
        self._asked = asked
        self.words = words

    def listeners(self) -> list[DiagSocket]:
        return [unpack_diag(message) for message in self._asked.dump(0, LISTENING, FAMILIES)]

    def connections(self, port: int, families: tuple[int, ...]) -> Sequence[Raw]:
        return self._asked.dump(port, CONNECTED, families)

    def peer(self, end: DiagSocket) -> DiagSocket | None:
        own, peer = ends_of(end.id)
        message = self._asked.find(peer, own)
        found = None if message is None else unpack_diag(message)
        return None if found is None or found.state is TcpState.LISTEN else found

    def close(self) -> None:
        self._asked.close()


def ends_of(which: SocketId) -> tuple[Address, Address]:
    """The addresses of this end and of the peer."""
    return (which.own_host, which.own_port), (which.peer_host, which.peer_port)
