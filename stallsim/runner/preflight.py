"""Checks before a run whether the machine has what it needs; if not, refuses the run in one line."""

import resource
from pathlib import Path

from ..errors import EnvironmentUnfit
from ..kernel.tcp_info import require_tcp_info
from ..kernel.tcp_memory import tcp_memory
from ..kinds import Stalls
from ..profile.scenario import Scenario
from .resolve import Participants

_DESCRIPTORS_OWN = 32
_NET = Path("/proc/sys/net")


def check_run(scenario: Scenario, participants: Participants) -> None:
    """Raises EnvironmentUnfit, which names the insufficient resource and what to change."""
    require_tcp_info()
    _check_ports(scenario)
    _check_descriptors(scenario)
    _check_tcp_memory(scenario, participants)


def _check_descriptors(scenario: Scenario) -> None:
    """Check the limit of descriptors, and raise it up to the hard limit if needed."""
    soft, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = len(list(Path("/proc/self/fd").iterdir())) + 2 * scenario.connections + _DESCRIPTORS_OWN
    if soft < needed <= limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, limit))
    if needed > limit:
        raise EnvironmentUnfit(
            f"{scenario.connections} connections need {needed} file descriptors, and this process may "
            f"open {limit}: raise this limit (ulimit -n {needed}) or lower a group's count"
        )


def _check_ports(scenario: Scenario) -> None:
    """Check the ports: all clients connect to one port, so each needs a port of its own (ip(7),
    ``ip_local_port_range``).
    """
    first, last = _numbers(_NET / "ipv4/ip_local_port_range") or (1024, 65535)
    if scenario.connections > last - first:
        raise EnvironmentUnfit(
            f"{scenario.connections:,} connections need as many ports, and {last - first + 1:,} exist "
            "(net.ipv4.ip_local_port_range): lower a group's count"
        )


def _check_tcp_memory(scenario: Scenario, participants: Participants) -> None:
    memory = tcp_memory()
    if memory is None:
        return
    needed = sum(
        group.count * (_buffer(scenario.server.sndbuf, "wmem") + _buffer(client.rcvbuf, "rmem"))
        for group, client in participants.clients
        if client.stalls is not Stalls.NEVER
    )
    pages = -(-needed // resource.getpagesize())
    if memory.used_pages + pages > memory.pressure_pages:
        raise EnvironmentUnfit(
            f"the stalled clients will pin up to {needed:,} bytes in the kernel ({pages:,} pages; "
            f"{memory.used_pages:,} in use), and net.ipv4.tcp_mem changes every buffer from "
            f"{memory.pressure_pages:,} pages on: pin smaller buffers (server.sndbuf, rcvbuf) or lower a "
            "group's count"
        )


def _buffer(asked: int | None, which: str) -> int:
    """The most bytes in a full buffer: twice the requested size, or the limit of auto-tuning."""
    if asked is not None:
        (limit,) = _numbers(_NET / f"core/{which}_max") or (asked,)
        return 2 * min(asked, limit)
    _, default, most = _numbers(_NET / f"ipv4/tcp_{which}") or (0, 0, 0)
    return most if which == "wmem" else default


def _numbers(path: Path) -> tuple[int, ...]:
    """The numbers of a sysctl; empty if this stack lacks it (older kernels, some containers)."""
    try:
        return tuple(int(word) for word in path.read_text(encoding="utf-8").split())
    except OSError:
        return ()
