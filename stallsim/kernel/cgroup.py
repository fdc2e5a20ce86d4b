"""Finds a control group, version 2 (cgroups(7)), by its name, with its numbers and processes.

A socket belongs to the cgroup in which it was created; an accepted one to that of its listening socket.
The kernel identifies a cgroup by a number, the inode number of its folder.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..errors import StallsimError, Unavailable, brief, suggest

_MOUNTS = Path("/proc/self/mountinfo")


class Cgroup(NamedTuple):
    """A cgroup, including all cgroups below it."""

    path: str
    """The path from the root of the hierarchy, as in /proc/PID/cgroup: ``/system.slice/app.service``."""
    ids: tuple[int, ...]
    pids: tuple[int, ...]
    """The processes in these cgroups when they were read."""


def find_cgroup(name: str) -> Cgroup:
    """Find a cgroup. ``name``: a path as in /proc/PID/cgroup, a folder, or a unit's name
    (``app.service``).

    Raises Unavailable if no hierarchy of version 2 is mounted, StallsimError if there is no such cgroup,
    or if several units have that name.
    """
    root = hierarchy()
    found = _folders(root, name)
    if len(found) > 1:
        paths = ", ".join(sorted(f"/{one.relative_to(root)}" for one in found))
        raise StallsimError(f"cgroup {name}: several cgroups have that name: {paths}")
    if not found:
        names = {one.name for one in _below(root)} - {root.name}
        raise StallsimError(f"cgroup {brief(name)}: there is no such cgroup{suggest(name, names)}")
    folder = found[0]
    every = list(_below(folder))
    path = "/" + str(folder.relative_to(root))
    return Cgroup(
        "/" if path == "/." else path,
        tuple(one.stat().st_ino for one in every),
        tuple(pid for one in every for pid in _processes(one)),
    )


def hierarchy() -> Path:
    """The folder where version 2 is mounted. Raises Unavailable."""
    for line in _MOUNTS.read_text(encoding="utf-8").splitlines():
        mounted, _, kind = line.partition(" - ")
        if kind.startswith("cgroup2 "):
            return Path(mounted.split()[4].encode().decode("unicode_escape"))
    raise Unavailable(
        "cgroup",
        "no cgroup hierarchy of version 2 is mounted here",
        "name the server's process or its port",
    )


def _folders(root: Path, name: str) -> list[Path]:
    if not name.startswith("/"):
        return [one for one in _below(root) if one.name == name and one != root]
    path = Path(name)
    folder = path if path.is_relative_to(root) else root / name.lstrip("/")
    return [folder] if folder.is_dir() and ".." not in path.parts else []


def _below(folder: Path) -> Iterator[Path]:
    """The folder and all folders below it; those that are removed meanwhile are left out."""
    yield folder
    try:
        inside = sorted(one for one in folder.iterdir() if one.is_dir())
    except FileNotFoundError:
        return
    for one in inside:
        yield from _below(one)


def _processes(folder: Path) -> list[int]:
    try:
        return [int(pid) for pid in (folder / "cgroup.procs").read_text(encoding="utf-8").split()]
    except OSError:
        return []  # the cgroup was removed meanwhile, or it is threaded and its parent lists the processes
