"""What is watched: a process, a port, a command's name, or every listening server of this user."""

import os
from collections.abc import Collection, Sequence
from typing import NamedTuple

import psutil
from msgspec.structs import replace

from ..errors import StallsimError, suggest
from ..kernel.diag_socket import DiagSocket
from ..probing.server.socket_owner import holders
from ..timeline.watched import WatchedServer
from .sources._base import Source
from .sources.choose import own_source, same_stack, source_for

_PORT_MAX = 65535
_NAMED = 12


class Found(NamedTuple):
    """The servers, and the source that shows them."""

    source: Source
    servers: tuple[WatchedServer, ...]
    families: dict[int, tuple[int, ...]]
    """Of each port, the address families of its listening sockets: those of its connections."""


def find(target: str | None) -> Found:
    """Raises StallsimError where nothing fits; Unavailable where nothing can be read."""
    if target is None:
        return _checked(own_source(), None, f"user {os.getuid()} has no server that listens on a TCP port")
    if target.startswith(":"):
        return _by_port(target)
    if target.isdecimal():
        return _by_process(int(target))
    return _by_name(target)


def _by_port(target: str) -> Found:
    digits = target[1:]
    port = int(digits) if digits.isdecimal() else 0
    if not 0 < port <= _PORT_MAX:
        raise StallsimError(f"watch {target}: expected a port such as :8000, from 1 to {_PORT_MAX}")
    source = own_source()
    return _checked(source, {port}, f"no server listens on TCP port {port}")


def _by_process(pid: int) -> Found:
    if not psutil.pid_exists(pid):
        raise StallsimError(f"watch {pid}: there is no such process; a port is written :{pid}")
    source = source_for(pid)
    ports = _ports_of(source, [pid])
    if ports is None and not same_stack(pid):
        ports = {one.id.own_port for one in source.listeners()}  # all of its container's
    if ports is None:
        raise StallsimError(
            f"watch {pid}: this user may not see that process's descriptors: name its port (:PORT), or run "
            "as its user or as root"
        )
    found = _checked(source, ports, f"process {pid} ({_name(pid)}) listens on no TCP port")
    known = tuple(one if one.pids else replace(one, pids=(pid,), name=_name(pid)) for one in found.servers)
    return found._replace(servers=known)


def _by_name(name: str) -> Found:
    pids = [one.pid for one in psutil.process_iter() if name in _names(one) and one.pid != os.getpid()]
    if not pids:
        raise StallsimError(f"watch {name}: no process of that name{suggest(name, _listening_names())}")
    source = source_for(pids[0])
    ports = _ports_of(source, pids)
    if ports is None:
        raise StallsimError(f"watch {name}: its processes belong to another user: name its port (:PORT)")
    return _checked(source, ports, f"no process called {name} listens on a TCP port")


def servers_at(source: Source, ports: Collection[int]) -> tuple[WatchedServer, ...]:
    """Who listens there now: other processes than before, where the server was started anew."""
    return _servers([one for one in source.listeners() if one.id.own_port in ports])


def _servers(listeners: Sequence[DiagSocket]) -> tuple[WatchedServer, ...]:
    found: dict[int, list[DiagSocket]] = {}
    for one in listeners:
        found.setdefault(one.id.own_port, []).append(one)
    return tuple(_server(port, found[port]) for port in sorted(found))


def _checked(source: Source, ports: set[int] | None, problem: str) -> Found:
    """``ports``: None for those of this user."""
    listeners = [one for one in source.listeners() if _wanted(one, ports)]
    if not listeners:
        every = sorted({one.id.own_port for one in source.listeners()})
        source.close()
        listening = ", ".join(f":{port}" for port in every[:_NAMED]) or "none"
        raise StallsimError(f"watch: {problem}; listening here: {listening}")
    families = {
        port: tuple(sorted({one.id.family for one in listeners if one.id.own_port == port}))
        for port in sorted({one.id.own_port for one in listeners})
    }
    return Found(source, _servers(listeners), families)


def _wanted(listener: DiagSocket, ports: set[int] | None) -> bool:
    if ports is None:
        return listener.uid == os.getuid()
    return listener.id.own_port in ports


def _server(port: int, listeners: list[DiagSocket]) -> WatchedServer:
    pids = holders({one.inode for one in listeners if one.inode})
    return WatchedServer(port=port, name=_name(pids[0]) if pids else "", pids=pids, uid=listeners[0].uid)


def _ports_of(source: Source, pids: list[int]) -> set[int] | None:
    """Those that the processes or their children listen on; None where none may be looked into."""
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
    """None of a process that this user may not look into, or that has ended."""
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


def _names(process: psutil.Process) -> set[str]:
    """As ``ps`` and people call it: its name, its program, and the script that an interpreter runs."""
    try:
        words = process.cmdline()
        return {process.name(), *(os.path.basename(word) for word in words[:2])}  # noqa: PTH119
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return set()


def _name(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return ""


def _listening_names() -> list[str]:
    source = own_source()
    try:
        pids = holders({one.inode for one in source.listeners() if one.inode})
    finally:
        source.close()
    return sorted({_name(pid) for pid in pids} - {""})
