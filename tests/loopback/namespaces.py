"""Machines of a test's own: network namespaces within one user namespace, joined by a router. No privilege.

``unshare -Urn python -m tests.loopback.namespaces SCRIPT`` makes them; here is what the script needs. Each
machine has the address 10.77.N.2; the namespace of the script itself is the router, at 10.77.N.1.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNSHARE = ("unshare", "--user", "--map-root-user", "--net")


def forbidden() -> str:
    """Why it cannot be done on this system; empty: it can."""
    try:
        tried = subprocess.run(
            [*UNSHARE, "ip", "link", "add", "t0", "type", "veth", "peer", "name", "t1"],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        return f"{error.filename} is not installed"
    return tried.stderr.strip()


class Machine:
    """One network namespace, which lives as long as its first process."""

    def __init__(self, number: int) -> None:
        self.address = f"10.77.{number}.2"
        self._router = f"10.77.{number}.1"
        self._first = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        self.pid = self._first.pid
        own = Path("/proc/self/ns/net").readlink()
        while Path(f"/proc/{self.pid}/ns/net").readlink() == own:
            os.sched_yield()  # it is not in its own namespace yet
        ours, theirs = f"r{number}", f"m{number}"
        _do("ip", "link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", str(self.pid))
        _do("ip", "address", "add", f"{self._router}/24", "dev", ours)
        _do("ip", "link", "set", ours, "up")
        for words in (
            ("ip", "link", "set", "lo", "up"),
            ("ip", "address", "add", f"{self.address}/24", "dev", theirs),
            ("ip", "link", "set", theirs, "up"),
            ("ip", "route", "add", "default", "via", self._router),
        ):
            _do(*self.inside(*words))

    def inside(self, *words: str) -> tuple[str, ...]:
        """The command that runs these words on it."""
        return ("nsenter", f"--net=/proc/{self.pid}/ns/net", *words)

    def end(self) -> None:
        self._first.kill()
        self._first.wait()


@contextmanager
def machines(count: int) -> Iterator[list[Machine]]:
    """So many, each of which reaches the others; called within ``UNSHARE``."""
    _do("ip", "link", "set", "lo", "up")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    made: list[Machine] = []
    try:
        made.extend(Machine(number) for number in range(1, count + 1))
        yield made
    finally:
        for one in made:
            one.end()


def _do(*words: str) -> None:
    subprocess.run(words, check=True)
