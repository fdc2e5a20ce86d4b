"""Chooses the source that shows this user the most of a process's network namespace."""

import os
from collections.abc import Sequence
from pathlib import Path

from ...errors import EnvironmentUnfit, Unavailable
from ...kernel.diag_filter import of_cgroups
from ...kernel.sock_diag import SockDiag
from ._base import Source
from .container import Container
from .diag import DiagSource
from .proc_net import ProcNet


def own_source(cgroups: Sequence[int] = ()) -> Source:
    """The source for this process's network namespace: ``sock_diag``, or /proc if that does not answer."""
    return source_for(os.getpid(), cgroups)


def source_for(pid: int, cgroups: Sequence[int] = ()) -> Source:
    """The best source for a process: ``sock_diag`` in the same namespace, ``sock_diag`` by a helper that
    enters the other namespace, or /proc.

    ``cgroups``: the ids of the cgroups whose sockets are shown; none: every socket. Raises Unavailable if
    not even /proc can be read, or if only /proc is left, which cannot select cgroups.
    """
    try:
        if same_stack(pid):
            return DiagSource(SockDiag(of_cgroups(cgroups)))
        return DiagSource(
            Container(pid, cgroups), f"sock_diag, by a helper in the network namespace of process {pid}"
        )
    except (Unavailable, EnvironmentUnfit) as error:
        if cgroups:
            raise
        source = ProcNet(pid, str(error).partition(";")[0])
        source.listeners()
        return source


def same_stack(pid: int) -> bool:
    """Whether the process is in this network namespace.

    Only the process's user may read the link in /proc/PID/ns. The files in /proc/PID/net have one inode
    number in each namespace, which anybody may read.
    """
    try:
        ours, theirs = (Path(f"/proc/{one}/net/tcp").stat().st_ino for one in ("self", pid))
    except OSError:
        return True  # the process has ended or never existed, which the caller will notice
    return ours == theirs
