"""Reads a server on this machine from outside: its end of a connection, and its memory."""

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
"""Names of shells. If a shell has started the server, the shell's name is not the server's."""


@dataclass(frozen=True)
class ServerView:
    """The parts of a server that can be read from outside."""

    diag: SockDiag | None = None
    """Reads the server's ends of TCP connections; None if the server is on another machine or in another
    network stack.
    """
    unix: UnixDiag | None = None
    """The same for connections over unix sockets."""
    holders: Callable[[ClientConnection], frozenset[int]] | None = None
    """Returns the processes that hold the server's end; none if this user may not read that."""
    memory: ProcessTree | None = None
    """The server's processes, if they are known."""
    remedy: str = ""
    """What the user can do to make the server's memory readable, if that is known."""

    @property
    def visible(self) -> bool:
        """Whether the server's end of a connection can be read."""
        return self.diag is not None or self.unix is not None

    @property
    def pids(self) -> tuple[int, ...]:
        """The server's processes at the latest reading; empty if they are not known."""
        return self.memory.pids if self.memory else ()

    def rss_bytes(self) -> int | None:
        """RSS of the server's processes; None if it cannot be read."""
        reading = self.memory.read() if self.memory else None
        return reading.rss_bytes if reading and reading.alive else None

    def name(self) -> str:
        """The names of the server's processes, without shells."""
        reading = self.memory.read() if self.memory else None
        names = dict.fromkeys(one.name for one in reading.processes) if reading else {}
        return " ".join([name for name in names if name not in _SHELLS] or names)

    def available_bytes(self) -> int | None:
        """Bytes that this machine can give to new processes without swapping; None if the server is
        elsewhere.
        """
        return psutil.virtual_memory().available if self.visible else None


@contextmanager
def open_server_view(
    witness: ClientConnection, pid: int | None, started: int | None
) -> Iterator[ServerView]:
    """Find the server's end of the witness's connection, and its processes.

    ``pid``: the process that the user has named. ``started``: the process that this program has started;
    its children belong to the server. Raises StallsimError if the named process does not exist.
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
    """The processes whose memory to read; None if they are not known or include this program itself."""
    pids = {*(owner.pids if owner else ()), *([started] if started is not None else [])}
    return None if not pids or os.getpid() in pids else ProcessTree(pids)
