"""Filters that the kernel applies to a dump: the bytecode of ``NETLINK_SOCK_DIAG``.

``struct inet_diag_bc_op`` contains a code, and the bytes to go forward if its condition holds and if it
does not. The kernel includes a socket if its walk ends exactly at the end of the code
(``inet_diag_bc_run`` in net/ipv4/inet_diag.c; include/uapi/linux/inet_diag.h). Every user may send such a
filter.
"""

import socket
import struct
from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address

from ..errors import StallsimError

_JUMP, _OWN_END, _PEER_END, _CGROUP = 1, 7, 8, 13
_OP = struct.Struct("=BBH")
_CONDITION = struct.Struct("=BBHQ")
"""The operation, and the ``u64`` with which it compares."""
_HOST = struct.Struct("=BBHBB2xi")
"""The operation, and ``struct inet_diag_hostcond``: family, significant bits of the address, port."""
_PAIR = _CONDITION.size + _OP.size
CGROUPS_MAX = 4000
"""The most cgroups in a filter: a jump is 16 bits wide, and each cgroup takes 16 bytes."""


def of_cgroups(ids: Sequence[int]) -> bytes:
    """A filter for sockets that were created in one of these cgroups (v2; since Linux 5.8).

    The kernel compares for equality, so the cgroups below another one must be listed, too. An empty
    ``ids`` means any cgroup. Raises StallsimError for more than CGROUPS_MAX.
    """
    if len(ids) > CGROUPS_MAX:
        raise StallsimError(
            f"{len(ids):,} cgroups are too many for one filter: name one with at most {CGROUPS_MAX:,}"
        )
    size = _PAIR * len(ids) - _OP.size
    code = b""
    for cgroup in ids[:-1]:
        code += _CONDITION.pack(_CGROUP, _CONDITION.size, _PAIR, cgroup)
        code += _OP.pack(
            _JUMP, _OP.size, size - len(code)
        )  # "jump" always uses the second offset: to the end
    return code + b"".join(_CONDITION.pack(_CGROUP, _CONDITION.size, _PAIR, cgroup) for cgroup in ids[-1:])


def of_own_end(host: str, port: int) -> bytes:
    """A filter for sockets with this numeric address and port at their own end."""
    return _end(_OWN_END, host, port)


def of_peer_end(host: str, port: int) -> bytes:
    """A filter for sockets whose peer has this numeric address and port."""
    return _end(_PEER_END, host, port)


def _end(code: int, host: str, port: int) -> bytes:
    """A filter for one end. An IPv4 address also matches sockets that have it as IPv6 (RFC
    4291 2.5.5.2).
    """
    address = ip_address(host)
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    size = _HOST.size + len(address.packed)
    condition = _HOST.pack(code, size, size + _OP.size, family, 8 * len(address.packed), port)
    return condition + address.packed
