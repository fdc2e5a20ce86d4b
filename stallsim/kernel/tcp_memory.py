"""Reads the machine's TCP memory, which all sockets and namespaces share and no profile can set."""

import resource
from functools import cache
from pathlib import Path
from typing import NamedTuple


class TcpMemory(NamedTuple):
    """Pages in use, the number from which the kernel shrinks buffers, and the limit
    (tcp(7), ``tcp_mem``).
    """

    used_pages: int
    pressure_pages: int
    limit_pages: int
    under_pressure: bool = False
    """Whether the kernel reports pressure: once it shrinks buffers, it goes on until far fewer pages are
    in use.
    """

    @property
    def pressed(self) -> bool:
        """Whether buffer sizes may differ from those that were set."""
        return self.under_pressure or self.used_pages >= self.pressure_pages


def tcp_memory() -> TcpMemory | None:
    """The kernel's figures, at about 100 us; None if they cannot be read (some containers)."""
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
    """Whether the column ``press`` of TCP in /proc/net/protocols is set (net/core/sock.c)."""
    titles, *lines = protocols.splitlines()
    tcp = next((line.split() for line in lines if line.startswith("TCP ")), [])
    return bool(tcp) and tcp[titles.split().index("press")] == "yes"


def tcp_bytes() -> int | None:
    """Bytes that all TCP sockets of this machine hold; None if not known."""
    memory = tcp_memory()
    return None if memory is None else memory.used_pages * resource.getpagesize()


def tcp_left_bytes() -> int | None:
    """Bytes left up to the pressure mark, from which on every buffer's size changes; None if not known."""
    memory = tcp_memory()
    return (
        None
        if memory is None
        else max(0, memory.pressure_pages - memory.used_pages) * resource.getpagesize()
    )


@cache
def _limits() -> tuple[int, int]:
    """The pressure mark and the limit, read once: they also hold in a private stack, but cannot be read
    there.
    """
    _, pressure, limit = map(int, Path("/proc/sys/net/ipv4/tcp_mem").read_text(encoding="utf-8").split())
    return pressure, limit
