"""What can be seen of a server from outside, on this machine: its end of a connection, its memory."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psutil

from ...errors import Unavailable
from ...kernel.sock_diag import SockDiag
from ...kernel.unix_diag import UnixDiag, inode_of
from ..client.connection import ClientConnection
from ..server.process_tree import ProcessTree
from ..server.socket_owner import Ownership, SocketOwner, find_owner, given_owner, holders

_SHELLS = ("sh", "bash", "dash")
"""Names of shells: where one of them has started the server, its name is not the server's."""


@dataclass(frozen=True)
class ServerView:
    """What can be seen from outside on this machine."""

    diag: SockDiag | None = None
    """Used to ask about the server's ends of connections; None where the server is on another machine or in
    another network stack."""
    unix: UnixDiag | None = None
    """The same for connections over unix sockets."""
    holders: Callable[[ClientConnection], frozenset[int]] | None = None
    """Gives the processes that hold the server's end; none where this user may not look into them."""
    memory: ProcessTree | None = None
    """The server's processes, where they are known."""
    remedy: str = ""
    """What the user can do so that the server's memory can be read, where that is known."""

    @property
    def visible(self) -> bool:
        """Whether the server's end of a connection can be read."""
        return self.diag is not None or self.unix is not None

    @property
    def pids(self) -> tuple[int, ...]:
        """The server's processes at the latest reading; none where they are not known."""
        return self.memory.pids if self.memory else ()

    def rss_bytes(self) -> int | None:
        """RSS of the server's processes."""
        reading = self.memory.read() if self.memory else None
        return reading.rss_bytes if reading and reading.alive else None

    def name(self) -> str:
        """What the server's processes are called."""
        reading = self.memory.read() if self.memory else None
        names = dict.fromkeys(one.name for one in reading.processes) if reading else {}
        return " ".join([name for name in names if name not in _SHELLS] or names)

    def available_bytes(self) -> int | None:
        """What this machine can give to new work without swapping, if the server is on it."""
        return psutil.virtual_memory().available if self.visible else None


@contextmanager
def open_server_view(
    witness: ClientConnection, pid: int | None, started: int | None
) -> Iterator[ServerView]:
    """Look for the server's end of the witness's connection, and for whose it is.

    ``pid``: the process that the user has named. ``started``: the one that we have started; its
    children belong to it. Raises StallsimError where the named one does not exist.
    """
    owner = None if pid is None else given_owner(pid)
    if witness.is_unix:
        with _open_unix_view(witness, owner, started) as view:
            yield view
        return
    with ExitStack() as stack:
        try:
            diag = stack.enter_context(SockDiag())
        except Unavailable:
            yield ServerView(memory=_memory(owner, started))
            return
        visible = diag.lookup(witness.remote, witness.local) is not None
        if owner is None and visible:
            owner = find_owner(diag, witness.remote, witness.local)

        def holders_of(connection: ClientConnection) -> frozenset[int]:
            found = find_owner(diag, connection.remote, connection.local)
            return frozenset(found.pids if found.ownership is Ownership.HELD else ())

        tree = _memory(owner, started)
        remedy = owner.remedy if owner is not None and tree is None else ""
        if not visible:
            yield ServerView(memory=tree, remedy=remedy)
            return
        yield ServerView(
            diag=diag,
            holders=holders_of,
            memory=tree,
            remedy=remedy,
        )


@contextmanager
def _open_unix_view(
    witness: ClientConnection, owner: SocketOwner | None, started: int | None
) -> Iterator[ServerView]:
    with ExitStack() as stack:
        try:
            diag = stack.enter_context(UnixDiag())
        except Unavailable:
            yield ServerView(memory=_memory(owner, started))
            return

        def holders_of(connection: ClientConnection) -> frozenset[int]:
            inode = diag.peer_of(inode_of(connection.sock)) if connection.alive else None
            return frozenset(holders({inode})) if inode else frozenset()

        pids = tuple(holders_of(witness))
        owner = owner or SocketOwner(Ownership.HELD if pids else Ownership.HIDDEN, pids)
        tree = _memory(owner, started)
        yield ServerView(unix=diag, holders=holders_of, memory=tree)


def _memory(owner: SocketOwner | None, started: int | None) -> ProcessTree | None:
    """None where it is not known whose memory to read, or where that would be this program's own."""
    pids = {*(owner.pids if owner else ()), *([started] if started is not None else [])}
    return None if not pids or os.getpid() in pids else ProcessTree(pids)
