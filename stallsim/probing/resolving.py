"""Resolves a server's name to numeric addresses, and checks whether the server may be stalled."""

import ipaddress
import socket
from contextlib import suppress

import trio

from ..errors import EnvironmentUnfit, StallsimError
from .address import Address

_LOOK_UP_S = 10.0
_LOOPBACK = ("127.0.0.1", "::1")


async def resolve(address: Address, *, allow_remote: bool) -> tuple[str, ...]:
    """The numeric addresses of the server, IPv4 first, so that no later step resolves the name again.

    Raises StallsimError for another machine, unless ``allow_remote``; EnvironmentUnfit for an unknown
    name.
    """
    if address.is_unix:
        return (address.host,)
    try:
        with trio.fail_after(_LOOK_UP_S):
            found = await trio.socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except trio.TooSlowError:
        raise EnvironmentUnfit(
            f"{address.host}: the name was not resolved within {_LOOK_UP_S:g} s"
        ) from None
    except (OSError, UnicodeError) as error:
        raise EnvironmentUnfit(f"{address.host}: cannot be resolved ({error})") from None
    hosts = [str(entry[4][0]) for entry in found]
    if address.host == "localhost":  # both addresses, whatever the machine's own list has (RFC 6761, 6.3)
        hosts += [host for host in _LOOPBACK if _usable(host)]
    for host in hosts:
        if not allow_remote and not is_loopback(host):
            meant = host if host == address.host else f"{address.host} ({host})"
            raise StallsimError(
                f"{meant} is not loopback, and only loopback may be stalled, because a stall can take a "
                "server down; use `allow_remote=True` if the server is yours"
            )
    return tuple(dict.fromkeys(sorted(hosts, key=lambda host: ":" in host)))


def _usable(host: str) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.bind((host, 0))
        return True
    return False


def is_loopback(host: str) -> bool:
    """Whether a numeric address is on this machine."""
    ip = ipaddress.ip_address(host.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_loopback
