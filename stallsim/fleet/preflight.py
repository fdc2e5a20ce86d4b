"""What the fleet needs, counted before it starts, and what this machine has. Refused in one line."""

import resource
from typing import NamedTuple

import psutil

from ..errors import EnvironmentUnfit
from ..kernel.tcp_memory import tcp_left_bytes, tcp_memory
from ..timeline.fleet.clients import HeldCount
from .refusals import OURS
from .result import Wall
from .sources import ports_of_one, sources_of
from .spec import CLIENTS_A_PROCESS

_DESCRIPTORS_OWN = 64
_PINNED_MIN_BYTES = 4096
"""Of kernel memory, that the smallest receive buffer holds when it is full, at this end alone."""
_CLIENT_BYTES = 1024
"""Of our own memory: measured well below."""
_LEFT_MIN_SHARE = 0.05


def check_fleet(clients: int, host: str, *, loopback: bool) -> None:
    """Raises EnvironmentUnfit with the figure that is too small, and what would work.

    ``clients``: how many this machine is to hold in the end, of one server at that address.
    """
    each = min(clients, CLIENTS_A_PROCESS)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if each + _DESCRIPTORS_OWN > hard:
        fewer = f"use `clients=` {hard - _DESCRIPTORS_OWN} or " if hard > _DESCRIPTORS_OWN else ""
        raise EnvironmentUnfit(
            f"a process that holds {each:,} clients needs {each + _DESCRIPTORS_OWN:,} descriptors, and it "
            f"may have {hard:,} (ulimit -Hn): {fewer}raise the limit"
        )
    ports = ports_of_one()
    if clients > ports and not sources_of(0, each, host, loopback=loopback):
        raise EnvironmentUnfit(
            f"{clients:,} clients of one server need {clients:,} ports, and this machine's one "
            f"address has {ports:,} (net.ipv4.ip_local_port_range): use fewer clients, or widen the range"
        )
    available = psutil.virtual_memory().available
    if clients * _CLIENT_BYTES > available / 2:
        raise EnvironmentUnfit(
            f"{clients:,} clients need more than half of the {available:,} bytes of memory left: about "
            f"{available // 2 // _CLIENT_BYTES:,} clients would work"
        )
    room = tcp_left_bytes()
    if room is not None and clients * _PINNED_MIN_BYTES > room:
        raise EnvironmentUnfit(
            f"{clients:,} stalled clients occupy at least {clients * _PINNED_MIN_BYTES:,} bytes in "
            f"the kernel, and {room:,} are left before net.ipv4.tcp_mem changes every buffer: about "
            f"{room // _PINNED_MIN_BYTES:,} clients would work"
        )


def take_descriptors(clients: int) -> None:
    """Raise this process's own limit, which those that hold the clients inherit, where it is too small.

    A server that is started is to have the limit that its user gave it, so this comes after its start.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if min(clients, CLIENTS_A_PROCESS) + _DESCRIPTORS_OWN > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Short(NamedTuple):
    """What runs short while a fleet runs."""

    reason: str
    wall: Wall


def running_short(tally: HeldCount) -> Short | None:
    """What this machine has too little of by now, so that the fleet stops before the machine does."""
    memory = tcp_memory()
    if memory is not None and memory.pressed:
        return Short("the machine's TCP memory ran short (net.ipv4.tcp_mem)", Wall.TCP_MEM)
    left = psutil.virtual_memory()
    if left.available < _LEFT_MIN_SHARE * left.total:
        return Short(f"{left.available:,} bytes of the machine's memory were left", Wall.NONE)
    for reason, words in OURS.items():
        if reason in tally.refused:
            return Short(f"{words} ({reason})", Wall.NONE)
    return None
