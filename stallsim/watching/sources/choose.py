"""Which source shows the most of a process's network namespace to this user."""

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
    """This process's network namespace: by ``sock_diag``, or by /proc where that does not answer."""
    return source_for(os.getpid(), cgroups)


def source_for(pid: int, cgroups: Sequence[int] = ()) -> Source:
    """The best for that process: in the same namespace, by a helper that enters it, or from outside.

    ``cgroups``: the numbers of those whose sockets are shown; none: every socket. Raises Unavailable where
    not even /proc can be read, or where cgroups are asked for, which it does not tell.
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

    The link in /proc/PID/ns may be read by its user only; the files in /proc/PID/net have one inode number
    in each namespace, which anybody may see.
    """
    try:
        ours, theirs = (Path(f"/proc/{one}/net/tcp").stat().st_ino for one in ("self", pid))
    except OSError:
        return True  # it has ended, or there is no such process: whoever asks will find that out
    return ours == theirs
