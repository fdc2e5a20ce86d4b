"""Where clients connect from: over loopback, as many addresses as keep ``connect()`` short."""

from pathlib import Path

CLIENTS_A_SOURCE = 2_000
"""Of one server. Linux looks for a free port from a random place on, in steps of two, and where half of an
address's 28,232 ports are in use, one ``connect()`` takes a millisecond in place of 20 us
(``__inet_hash_connect``)."""
_PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def sources_of(process: int, clients: int, host: str, *, loopback: bool) -> tuple[str, ...]:
    """The addresses of one process's clients, which no other process has; empty: the kernel's choice.

    Of IPv6 there is one loopback address, so ports can be short there.
    """
    if not loopback or ":" in host:
        return ()
    net = f"127.{process // 250}.{process % 250 + 1}"
    return tuple(f"{net}.{number + 1}" for number in range(-(-clients // CLIENTS_A_SOURCE)))


def ports_of_one() -> int:
    """How many ports one address has for connections to one server."""
    try:
        low, high = map(int, _PORT_RANGE.read_text(encoding="utf-8").split())
    except OSError:
        return 28_232  # the kernel's default range
    return high - low + 1
