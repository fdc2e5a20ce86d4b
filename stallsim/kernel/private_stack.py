"""A network stack of one's own, without privilege: a user namespace and a network namespace.

The process that enters has every capability over a loopback that nobody else sees, with its own
``net.ipv4`` settings, and keeps its own uid, so what it writes belongs to the caller.
"""

import ctypes
import errno
import fcntl
import os
import socket
import struct
import threading
from collections.abc import Mapping
from pathlib import Path

from ..errors import EnvironmentUnfit, Unavailable
from .sysctl import sysctl_path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_NONE_LEFT = "the number of namespaces is used up"
"""What ENOSPC means here (unshare(2)); its own words speak of a device."""
_REMEDY = (
    "allow user namespaces (whichever of these sysctls is in the way: user.max_user_namespaces, "
    "kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns), run as root, or "
    "give the container --cap-add=NET_ADMIN"
)


def enter(sysctl: Mapping[str, str | int]) -> None:
    """Move this process, for good, into a new stack, bring its loopback up, and set ``sysctl``.

    Must come before the first thread and the first socket. Raises Unavailable where the system
    forbids it, EnvironmentUnfit where a setting does not exist or is refused.
    """
    if threading.active_count() > 1:
        raise Unavailable("private stack", "this process already has threads", "run it from the shell")
    uid, gid = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        number = ctypes.get_errno() or errno.EPERM
        reason = _NONE_LEFT if number == errno.ENOSPC else os.strerror(number)
        raise Unavailable("private stack", f"this system forbids it ({reason})", _REMEDY)
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
        _bring_loopback_up()
    except OSError as error:
        raise Unavailable("private stack", f"this system forbids it ({error})", _REMEDY) from error
    for key, value in sysctl.items():
        write_sysctl(key, value)


def write_sysctl(key: str, value: str | int) -> None:
    """Set one ``net.ipv4.*`` value of this stack. Raises EnvironmentUnfit naming the key."""
    path = sysctl_path(key)
    if not path.exists():
        raise EnvironmentUnfit(f"stack.sysctl: {key}: a private stack has no such setting on this kernel")
    try:
        path.write_text(str(value))
    except OSError as error:
        raise EnvironmentUnfit(f"stack.sysctl: {key}={value}: {error.strerror}") from error


def _bring_loopback_up() -> None:
    with socket.socket() as sock:
        request = struct.pack("16sh22x", b"lo", 0)
        (flags,) = struct.unpack_from("h", fcntl.ioctl(sock, _SIOCGIFFLAGS, request), 16)
        fcntl.ioctl(sock, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | _IFF_UP))
