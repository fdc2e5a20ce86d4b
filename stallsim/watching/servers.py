"""Finds the servers to watch: by process, port, command name or cgroup, or all listening ones of
this user.
"""

import os
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import psutil
from msgspec.structs import replace

from ..errors import StallsimError, brief, suggest
from ..kernel.cgroup import Cgroup, find_cgroup
from ..kernel.diag_socket import DiagSocket
from ..probing.server.socket_owner import holders
from ..timeline.watched import WatchedServer
from .processes import name_of, ports_of, process_names
from .sources._base import Source
from .sources.choose import own_source, same_stack, source_for

_PORT_MAX = 65535
_PID_MAX = 2**22
"""PID_MAX_LIMIT (include/linux/threads.h)."""
_DIGITS_MAX = 9
_NAMED = 12


class FoundServers(NamedTuple):
    """The servers, and the source that shows them."""

    source: Source
    servers: tuple[WatchedServer, ...]
    families: dict[int, tuple[int, ...]]
    """The address families of each port's listening sockets, which its connections have, too."""


def find_servers(target: str | None, cgroup: str | None = None) -> FoundServers:
    """Find the servers to watch.

    ``cgroup``: only sockets that this cgroup's processes have opened; see ``find_cgroup`` for its names.
    Raises StallsimError if no server is found; Unavailable if nothing can be read.
    """
    if cgroup is not None:
        return _in_cgroup(target, find_cgroup(cgroup))
    if target is None:
        user = os.getuid()
        return _checked(
            own_source(),
            lambda one: one.uid == user,
            f"user {user} has no server that listens on a TCP port",
        )
    if target.startswith(":"):
        return _by_port(target)
    if target.isdecimal():
        return _by_process(target)
    return _by_name(target)


def _in_cgroup(target: str | None, cgroup: Cgroup) -> FoundServers:
    """All listening servers of a cgroup, or one port; in the network namespace of the cgroup's first
    process.
    """
    if target is not None and not target.startswith(":"):
        raise StallsimError(f"watch {brief(target)}: expected a port such as :8000 beside a cgroup")
    wanted = (lambda _: True) if target is None else _at({_port(target)})
    source = source_for(cgroup.pids[0], cgroup.ids) if cgroup.pids else own_source(cgroup.ids)
    source.words += f"; only sockets of the cgroup {cgroup.path}"
    which = "a TCP port" if target is None else f"TCP port {target[1:]}"
    return _checked(source, wanted, f"no process of the cgroup {cgroup.path} listens on {which}")


def _by_port(target: str) -> FoundServers:
    port = _port(target)
    return _checked(own_source(), _at({port}), f"no server listens on TCP port {port}")


def _port(target: str) -> int:
    port = _number(target[1:], _PORT_MAX)
    if not port:
        raise StallsimError(f"watch {brief(target)}: expected a port such as :8000, from 1 to {_PORT_MAX}")
    return port


def _number(text: str, most: int) -> int:
    """The number that ``text`` contains; 0 if it is not a number from 1 to ``most``."""
    number = int(text) if text.isdecimal() and len(text) <= _DIGITS_MAX else 0
    return number if number <= most else 0


def _by_process(target: str) -> FoundServers:
    pid = _number(target, _PID_MAX)
    if not pid or not psutil.pid_exists(pid):
        raise StallsimError(f"watch {brief(target)}: no such process exists; a port is written :PORT")
    source = source_for(pid)
    ports = ports_of(source, [pid])
    if ports is None and not same_stack(pid):
        ports = {one.id.own_port for one in source.listeners()}  # all of its container's
    if ports is None:
        source.close()
        raise StallsimError(
            f"watch {pid}: this user may not see that process's descriptors: name its port (:PORT), or run "
            "as its user or as root"
        )
    found = _checked(source, _at(ports), f"process {pid} ({name_of(pid)}) listens on no TCP port")
    known = tuple(
        one if one.pids else replace(one, pids=(pid,), name=name_of(pid)) for one in found.servers
    )
    return found._replace(servers=known)


def _by_name(name: str) -> FoundServers:
    pids = [
        one.pid for one in psutil.process_iter() if name in process_names(one) and one.pid != os.getpid()
    ]
    if not pids:
        hint = suggest(name, _listening_names())
        raise StallsimError(f"watch {brief(name)}: no process has this name{hint}")
    source = source_for(pids[0])
    ports = ports_of(source, pids)
    if ports is None:
        source.close()
        raise StallsimError(f"watch {name}: its processes belong to another user: name its port (:PORT)")
    return _checked(source, _at(ports), f"no process named {name} listens on a TCP port")


def servers_at(source: Source, ports: Collection[int]) -> tuple[WatchedServer, ...]:
    """Find the servers that listen on these ports now: after a restart, other processes."""
    return _servers([one for one in source.listeners() if one.id.own_port in ports])


def _servers(listeners: Sequence[DiagSocket]) -> tuple[WatchedServer, ...]:
    found: dict[int, list[DiagSocket]] = {}
    for one in listeners:
        found.setdefault(one.id.own_port, []).append(one)
    return tuple(_server(port, found[port]) for port in sorted(found))


def _checked(source: Source, wanted: Callable[[DiagSocket], bool], problem: str) -> FoundServers:
    listeners = [one for one in source.listeners() if wanted(one)]
    if not listeners:
        every = sorted({one.id.own_port for one in source.listeners()})
        source.close()
        listening = ", ".join(f":{port}" for port in every[:_NAMED]) or "none"
        raise StallsimError(f"watch: {problem}; listening here: {listening}")
    families = {
        port: tuple(sorted({one.id.family for one in listeners if one.id.own_port == port}))
        for port in sorted({one.id.own_port for one in listeners})
    }
    return FoundServers(source, _servers(listeners), families)


def _at(ports: Collection[int]) -> Callable[[DiagSocket], bool]:
    return lambda listener: listener.id.own_port in ports


def _server(port: int, listeners: list[DiagSocket]) -> WatchedServer:
    pids = holders({one.inode for one in listeners if one.inode})
    return WatchedServer(port=port, name=name_of(pids[0]) if pids else "", pids=pids, uid=listeners[0].uid)


def _listening_names() -> list[str]:
    source = own_source()
    try:
        pids = holders({one.inode for one in source.listeners() if one.inode})
    finally:
        source.close()
    return sorted({name_of(pid) for pid in pids} - {""})
