"""Finds the processes that hold the server's end of a connection, from the socket's inode by /proc/PID/fd.

Only processes that this user may inspect are found: the user's own, or all of them for root.
"""

import os
from enum import Enum
from typing import NamedTuple

import psutil

from ...errors import StallsimError
from ...kernel.diag_socket import DiagSocket, TcpState
from ...kernel.sock_diag import Address, SockDiag

_BEFORE_CLOSE = (TcpState.SYN_RECV, TcpState.ESTABLISHED, TcpState.CLOSE_WAIT)
"""States of a connection that is not closed: if no process holds it, it has yet to be accepted."""


class Ownership(Enum):
    """What is known of the processes that hold a connection's end."""

    HELD = "held"
    """The processes in ``pids`` hold it; several, if a descriptor was inherited or passed on."""
    NOT_ACCEPTED = "not-accepted"
    """No process holds it yet; those in ``pids`` listen for it."""
    CLOSED = "closed"
    """No process holds it any more, although the kernel may still have bytes to deliver."""
    ABSENT = "absent"
    """There is no such socket in this network namespace."""
    HIDDEN = "hidden"
    """A process holds it that this user may not inspect, or that is in another PID namespace."""
    GIVEN = "given"
    """The user has named the process."""


class SocketOwner(NamedTuple):
    """The processes that held the socket when it was looked up; they may have ended since."""

    ownership: Ownership
    pids: tuple[int, ...] = ()
    uid: int | None = None
    """The user who owns the socket in the kernel's view; None if there was no socket to look up."""

    @property
    def remedy(self) -> str:
        """One line on how to make the server's memory readable; empty if the processes are known."""
        if self.pids:
            return ""
        if self.ownership is Ownership.HIDDEN:
            return (
                f"the server's socket belongs to user {self.uid}, and no process that the current user may "
                "read holds it: run stallsim as that user or as root, or name the process with `pid=`"
            )
        if self.ownership is Ownership.ABSENT:
            return (
                "the server's end of the connection is not in this network namespace (another machine, a "
                "container, a closed connection): name the server's process with `pid=`"
            )
        return "no process holds the server's end of the connection: name the server's process with `pid=`"


def find_owner(diag: SockDiag, server: Address, client: Address) -> SocketOwner:
    """The owner of the end at ``server`` of the connection with ``client``. Raises Unavailable."""
    end = diag.lookup(server, client)
    if end is None:
        return SocketOwner(Ownership.ABSENT)
    if end.inode:
        pids = holders({end.inode})
        return SocketOwner(Ownership.HELD if pids else Ownership.HIDDEN, pids, end.uid)
    if end.state in _BEFORE_CLOSE:
        return _who_listens(diag.listeners(server[1]))
    return SocketOwner(Ownership.CLOSED)


def _who_listens(listeners: list[DiagSocket]) -> SocketOwner:
    """The processes that may yet accept a connection on that port."""
    pids = holders({one.inode for one in listeners})
    if pids or not listeners:
        return SocketOwner(Ownership.NOT_ACCEPTED, pids, next((one.uid for one in listeners), None))
    return SocketOwner(Ownership.HIDDEN, (), listeners[0].uid)


def given_owner(pid: int) -> SocketOwner:
    """The named process as owner. Raises StallsimError if it does not exist."""
    if not psutil.pid_exists(pid):
        raise StallsimError(f"`pid=`: {pid}: no such process; allowed: a running process")
    return SocketOwner(Ownership.GIVEN, (pid,))


def holders(inodes: set[int]) -> tuple[int, ...]:
    """All visible processes with a descriptor of one of these sockets, at about 30 us per process."""
    wanted = {f"socket:[{inode}]" for inode in inodes}
    return tuple(pid for pid in psutil.pids() if _holds(pid, wanted))


def _holds(pid: int, wanted: set[str]) -> bool:
    """Whether the process has such a descriptor; False if it ends meanwhile or may not be inspected."""
    folder = f"/proc/{pid}/fd"
    try:
        descriptors = os.listdir(folder)  # noqa: PTH208 - a quarter of the cost
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
    return any(_target(f"{folder}/{descriptor}") in wanted for descriptor in descriptors)


def _target(link: str) -> str:
    """The link's target; empty if the descriptor has been closed meanwhile."""
    try:
        return os.readlink(link)  # noqa: PTH115 - as above
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""
