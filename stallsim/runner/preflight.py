"""Checks before a run: what it needs, and what this machine has. Refused in one line if it can't work."""

import os
import resource
from pathlib import Path

from ..errors import EnvironmentUnfit
from ..kernel.tcp_memory import tcp_memory
from ..scenario import Scenario
from .resolve import Cast

_DESCRIPTORS_OWN = 32
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_NET = Path("/proc/sys/net")


def check(scenario: Scenario, cast: Cast) -> None:
    """Raises EnvironmentUnfit with the figure that is too small and what to change."""
    _check_descriptors(scenario)
    _check_tcp_memory(scenario, cast)


def _check_descriptors(scenario: Scenario) -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    needed = len(list(Path("/proc/self/fd").iterdir())) + 2 * scenario.connections + _DESCRIPTORS_OWN
    if needed > limit:
        raise EnvironmentUnfit(
            f"{scenario.connections} connections need {needed} file descriptors, and this process may "
            f"open {limit}: raise it (ulimit -n {needed}) or lower a group's count"
        )


def _check_tcp_memory(scenario: Scenario, cast: Cast) -> None:
    memory = tcp_memory()
    if memory is None:
        return
    needed = sum(
        group.count * (_buffer(scenario.server.sndbuf, "wmem") + _buffer(client.rcvbuf, "rmem"))
        for group, client in cast.clients
        if client.stalls
    )
    pages = -(-needed // _PAGE_BYTES)
    if memory.used_pages + pages > memory.pressure_pages:
        raise EnvironmentUnfit(
            f"the stalled clients will pin up to {needed:,} bytes in the kernel ({pages:,} pages; "
            f"{memory.used_pages:,} in use), and from {memory.pressure_pages:,} on net.ipv4.tcp_mem "
            "changes every buffer: pin smaller ones (server.sndbuf, rcvbuf) or lower a group's count"
        )


def _buffer(asked: int | None, which: str) -> int:
    """What a full buffer may hold: twice what was asked, or where auto-tuning may end."""
    if asked is not None:
        limit = int((_NET / f"core/{which}_max").read_text()) if (_NET / "core").exists() else asked
        return 2 * min(asked, limit)
    default, most = (int(word) for word in (_NET / f"ipv4/tcp_{which}").read_text().split()[1:3])
    return most if which == "wmem" else default
