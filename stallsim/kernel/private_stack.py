"""Enters a network stack of its own, without privileges: a user namespace and a network namespace.

The process that enters has every capability over a loopback that no other process sees, with its own
``net.ipv4`` settings. It keeps its uid, so its files belong to the caller. A process that may have a
network namespace without a user namespace (root) gets only the network namespace, and keeps all its rights
over files.

A child creates the namespaces and tries them out, and only then does this process join them. If the system
allows one step and forbids the next, this process is unchanged.
"""

import errno
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from ..errors import EnvironmentUnfit, StallsimError, Unavailable
from ..helper import Failure
from . import loopback
from .libc import call
from .sysctl import sysctl_path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_NONE_LEFT = "the number of namespaces is used up"
"""The meaning of ENOSPC here (unshare(2)); the error's own text is about a device."""
_REMEDY = (
    "allow user namespaces (with whichever of these sysctls forbids them: user.max_user_namespaces, "
    "user.max_net_namespaces, kernel.unprivileged_userns_clone, "
    "kernel.apparmor_restrict_unprivileged_userns), run as root, or "
    "give the container --cap-add=NET_ADMIN"
)
_READY = b"ready"


def enter(sysctl: Mapping[str, str | int], route: loopback.Route | None = None) -> None:
    """Move this process permanently into a new stack whose loopback is up, with these settings.

    ``route``: how the loopback treats its peers. Must be called before the first thread and the first
    socket; it takes some 5 ms. Raises Unavailable if the system forbids it, EnvironmentUnfit if a setting
    does not exist or is refused; this process has not moved then.
    """
    if threading.active_count() > 1:
        raise Unavailable("private stack", "this process already has threads", "run it from the shell")
    answers, done = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        _in_the_child(sysctl, route, answers[1], done)
    os.close(answers[1])
    os.close(done[0])
    try:
        _join(child, answers[0])
    finally:
        os.close(done[1])  # the child waits for this, and ends
        os.close(answers[0])
        os.waitpid(child, 0)


def write_sysctl(key: str, value: str | int) -> None:
    """Set one ``net.ipv4.*`` value of this stack. Raises EnvironmentUnfit, which names the key."""
    path = sysctl_path(key)
    if not path.exists():
        raise EnvironmentUnfit(f"stack.sysctl: {key}: a private stack has no such setting on this kernel")
    try:
        path.write_text(str(value), encoding="utf-8")
    except OSError as error:
        raise EnvironmentUnfit(f"stack.sysctl: {key}={value}: {error.strerror}") from error


def _in_the_child(
    sysctl: Mapping[str, str | int], route: loopback.Route | None, answer: int, done: tuple[int, int]
) -> None:
    """Create the namespaces, report the result, and keep them until the parent has joined.
    Never returns.
    """
    try:
        os.close(done[1])
        os.write(answer, _attempt(sysctl, route))
        os.close(answer)
        os.read(done[0], 1)
    finally:
        os._exit(0)


def _attempt(sysctl: Mapping[str, str | int], route: loopback.Route | None) -> bytes:
    try:
        _unshare()
        loopback.bring_up()
        if route is not None:
            loopback.set_route(route)
        for key, value in sysctl.items():
            write_sysctl(key, value)
    except StallsimError as error:
        return msgspec.json.encode(Failure.of(error))
    except OSError as error:
        return msgspec.json.encode(Failure.of(_forbidden(error)))
    return _READY


def _unshare() -> None:
    """Create a network namespace, and a user namespace around it if that is needed. Raises OSError."""
    uid, gid = os.getuid(), os.getgid()
    with suppress(OSError):
        call("unshare", _CLONE_NEWNET)
        return
    call("unshare", _CLONE_NEWUSER | _CLONE_NEWNET)
    Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="utf-8")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="utf-8")


def _join(child: int, answers: int) -> None:
    """Enter the child's namespaces, once it has reported that they work."""
    answer = b""
    while piece := os.read(answers, 65536):
        answer += piece
    if answer != _READY:
        if not answer:
            raise Unavailable("private stack", "the process that makes it has ended", _REMEDY)
        raise msgspec.json.decode(answer, type=Failure).error()
    for name, kind in (("user", _CLONE_NEWUSER), ("net", _CLONE_NEWNET)):
        its, ours = (Path(f"/proc/{process}/ns/{name}") for process in (child, "self"))
        if its.readlink() != ours.readlink():
            with its.open() as namespace:
                try:
                    call("setns", namespace.fileno(), kind)
                except OSError as problem:
                    raise _forbidden(problem) from None


def _forbidden(error: OSError) -> Unavailable:
    reason = _NONE_LEFT if error.errno == errno.ENOSPC else str(error.strerror or error)
    return Unavailable("private stack", f"this system forbids it ({reason})", _REMEDY)
