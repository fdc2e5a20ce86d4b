"""What can be seen of a server from outside, on this machine: its end of a connection, its memory."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ...errors import Unavailable
from ...kernel.diag_socket import DiagSocket
from ...kernel.sock_diag import SockDiag
from ..client.connection import Connection
from ..server.process_tree import ProcessTree
from ..server.socket_owner import Ownership, SocketOwner, find_owner, given_owner
from .observer import ServerEnd, ServerView


@contextmanager
def open_server_view(witness: Connection, pid: int | None, started: int | None) -> Iterator[ServerView]:
    """Look for the server's end of the witness's connection, and for whose it is.

    ``pid``: the process that the user has named. ``started``: the one that we have started; its
    children belong to it. Raises StallsimError where the named one does not exist.
    """
    owner = None if pid is None else given_owner(pid)
    with ExitStack() as stack:
        try:
            diag = stack.enter_context(SockDiag())
        except Unavailable:
            yield ServerView(memory=_memory(owner, started))
            return
        visible = diag.lookup(witness.remote, witness.local) is not None
        if owner is None and visible:
            owner = find_owner(diag, witness.remote, witness.local)

        def server_end(connection: Connection) -> ServerEnd | None:
            end = diag.lookup(connection.remote, connection.local)
            return None if end is None else ServerEnd(int(end.state), end.wqueue)

        def server_socket(connection: Connection) -> DiagSocket | None:
            return diag.lookup(connection.remote, connection.local)

        def holders(connection: Connection) -> frozenset[int]:
            found = find_owner(diag, connection.remote, connection.local)
            return frozenset(found.pids if found.ownership is Ownership.HELD else ())

        tree = _memory(owner, started)
        remedy = owner.remedy if owner is not None and tree is None else ""
        if not visible:
            yield ServerView(memory=tree, remedy=remedy)
            return
        yield ServerView(
            server_end=server_end,
            server_socket=server_socket,
            holders=holders,
            memory=tree,
            remedy=remedy,
        )


def _memory(owner: SocketOwner | None, started: int | None) -> ProcessTree | None:
    """None where it is not known whose memory to read, or where it would be this program's own."""
    pids = {*(owner.pids if owner else ()), *([started] if started is not None else [])}
    return None if not pids or os.getpid() in pids else ProcessTree(pids)
