"""The machine's TCP memory: shared by every socket and every namespace, and by no profile's leave."""

import resource
from functools import cache
from pathlib import Path
from typing import NamedTuple


class TcpMemory(NamedTuple):
    """Pages in use, from how many on the kernel shrinks buffers, and the limit (tcp(7), ``tcp_mem``)."""

    used_pages: int
    pressure_pages: int
    limit_pages: int
    under_pressure: bool = False
    """By the kernel's own word: once it has shrunk buffers it goes on until far fewer pages are in use."""

    @property
    def pressed(self) -> bool:
        """Whether buffer sizes are no longer what was asked for."""
        return self.under_pressure or self.used_pages >= self.pressure_pages


def tcp_memory() -> TcpMemory | None:
    """The kernel's account, at about 100 us; None where it is not to be read (some containers)."""
    try:
        sockstat = Path("/proc/net/sockstat").read_text(encoding="utf-8")
        protocols = Path("/proc/net/protocols").read_text(encoding="utf-8")
        pressure, limit = _limits()
    except OSError:
        return None
    words = next((line.split() for line in sockstat.splitlines() if line.startswith("TCP:")), [])
    if "mem" not in words:
        return None
    return TcpMemory(int(words[words.index("mem") + 1]), pressure, limit, _shrinks(protocols))


def _shrinks(protocols: str) -> bool:
    """The column ``press`` of TCP in /proc/net/protocols (net/core/sock.c)."""
    titles, *lines = protocols.splitlines()
    tcp = next((line.split() for line in lines if line.startswith("TCP ")), [])
    return bool(tcp) and tcp[titles.split().index("press")] == "yes"


def tcp_bytes() -> int | None:
    """What all TCP of this machine holds."""
    memory = tcp_memory()
    return None if memory is None else memory.used_pages * resource.getpagesize()


def tcp_left_bytes() -> int | None:
    """Up to the pressure mark, from which on every buffer's size changes."""
    memory = tcp_memory()
    return (
        None
        if memory is None
        else max(0, memory.pressure_pages - memory.used_pages) * resource.getpagesize()
    )


@cache
def _limits() -> tuple[int, int]:
    """Read once: within a private stack the machine's limits go on to hold, and are not to be seen."""
    _, pressure, limit = map(int, Path("/proc/sys/net/ipv4/tcp_mem").read_text(encoding="utf-8").split())
    return pressure, limit
