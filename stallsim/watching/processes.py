"""The names of processes, and the ports on which they listen."""

import os

import psutil

from ..probing.server.process_tree import process_name
from .sources._base import Source


def ports_of(source: Source, pids: list[int]) -> set[int] | None:
    """The ports on which the processes or their children listen; None if this user may not read any of
    them.
    """
    every = {pid: inodes for pid in _with_children(pids) if (inodes := _socket_inodes(pid)) is not None}
    if not every:
        return None
    inodes = set().union(*every.values())
    return {one.id.own_port for one in source.listeners() if one.inode in inodes}


def _with_children(pids: list[int]) -> set[int]:
    found = set(pids)
    for pid in pids:
        try:
            found |= {child.pid for child in psutil.Process(pid).children(recursive=True)}
        except psutil.NoSuchProcess:
            continue
    return found


def _socket_inodes(pid: int) -> set[int] | None:
    """The inodes of a process's sockets; None if this user may not read them, or if the process has
    ended.
    """
    folder = f"/proc/{pid}/fd"
    inodes: set[int] = set()
    try:
        for descriptor in os.listdir(folder):  # noqa: PTH208 - tens of thousands of them
            try:
                link = os.readlink(f"{folder}/{descriptor}")  # noqa: PTH115 - as above
            except FileNotFoundError:
                continue
            if link.startswith("socket:["):
                inodes.add(int(link[8:-1]))
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    return inodes


def process_names(process: psutil.Process) -> set[str]:
    """The names by which a user may call a process: its name, its program, the script that an interpreter
    runs.
    """
    try:
        words = process.cmdline()
        return {process.name(), *(os.path.basename(word) for word in words[:2])}  # noqa: PTH119
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return set()


def name_of(pid: int) -> str:
    """The process's name as ``ps`` shows it; empty if the process has ended."""
    try:
        return process_name(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return ""
