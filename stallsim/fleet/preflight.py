"""What the fleet needs, counted before it starts, and what this machine has. Refused in one line."""

import os
import resource

import psutil

from ..errors import EnvironmentUnfit
from ..kernel.tcp_memory import tcp_memory
from .sources import ports_of_one, sources_of
from .spec import CLIENTS_A_PROCESS, FleetSpec

_DESCRIPTORS_OWN = 64
_PINNED_MIN_BYTES = 4096
"""Of kernel memory, that the smallest receive buffer holds when it is full, at this end alone."""
_CLIENT_BYTES = 1024
"""Of our own memory: measured well below."""
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def check_fleet(spec: FleetSpec, host: str, *, loopback: bool) -> None:
    """Raises EnvironmentUnfit with the figure that is too small, and what would work."""
    each = min(spec.clients, CLIENTS_A_PROCESS)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if each + _DESCRIPTORS_OWN > hard:
        raise EnvironmentUnfit(
            f"a process that holds {each:,} clients needs {each + _DESCRIPTORS_OWN:,} descriptors, and it "
            f"may have {hard:,} (ulimit -Hn): take `clients=` {hard - _DESCRIPTORS_OWN} or raise the limit"
        )
    if each + _DESCRIPTORS_OWN > soft:  # ours to raise, and the holding processes inherit it
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    ports = ports_of_one()
    if spec.clients > ports and not sources_of(0, each, host, loopback=loopback):
        raise EnvironmentUnfit(
            f"{spec.clients:,} clients of one server need {spec.clients:,} ports, and this machine's one "
            f"address has {ports:,} (net.ipv4.ip_local_port_range): take fewer, or widen the range"
        )
    available = psutil.virtual_memory().available
    if spec.clients * _CLIENT_BYTES > available / 2:
        raise EnvironmentUnfit(
            f"{spec.clients:,} clients need more than half of the {available:,} bytes of memory left"
        )
    memory = tcp_memory()
    if memory is None:
        return
    room = max(0, (memory.pressure_pages - memory.used_pages) * _PAGE_BYTES)
    if spec.clients * _PINNED_MIN_BYTES > room:
        raise EnvironmentUnfit(
            f"{spec.clients:,} stalled clients pin at least {spec.clients * _PINNED_MIN_BYTES:,} bytes in "
            f"the kernel, and {room:,} are left before net.ipv4.tcp_mem changes every buffer: about "
            f"{room // _PINNED_MIN_BYTES:,} clients would work"
        )


def pressed() -> bool:
    """Whether the machine's TCP memory runs short by now."""
    memory = tcp_memory()
    return memory is not None and memory.pressed
