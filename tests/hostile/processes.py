"""A command in a process of its own, and what it leaves behind: found by their environment."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.loopback.running import ENVIRONMENT

_MARK = "STALLSIM_TEST_MARK"
_GONE_S = 10.0
COMMAND = (sys.executable, "-m", "stallsim")
"""Without ``-W error``: an interruption during an import leaves a file to the garbage collector."""
CODES = {0, 1, 2, 3, 130}
"""Every exit code that the README names."""


class Ended(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: bytes
    err: bytes

    @property
    def faults(self) -> list[str]:
        """What holds for every command line, whatever it was given."""
        both = self.out + self.err
        found = [
            word for word in ("Traceback", "Exception ignored", "internal error") if word.encode() in both
        ]
        return found + ([f"exit code {self.code}"] if self.code not in CODES else [])


class Running:
    """A command that runs, and every process that descends from it, whatever session that is in."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self._mark = uuid.uuid4().hex
        self.process = subprocess.Popen(
            [*COMMAND, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**ENVIRONMENT, **environment, _MARK: self._mark},
            start_new_session=True,
        )

    def send(self, number: signal.Signals) -> None:
        """Signal the command alone."""
        self.process.send_signal(number)

    def ended(self, within_s: float = 60.0) -> Ended:
        """Raises TimeoutExpired where it lives on."""
        out, err = self.process.communicate(timeout=within_s)
        return Ended(self.process.returncode, out, err)

    def descendants(self) -> dict[int, str]:
        """Those that live, with their command lines; the command itself is not among them."""
        return {pid: line for pid, line in _marked(self._mark) if pid != self.process.pid}

    def survivors(self) -> dict[int, str]:
        """Who is still there after a while of waiting for nobody to be."""
        end_s = time.monotonic() + _GONE_S
        while left := self.descendants():
            if time.monotonic() > end_s:
                break
            time.sleep(0.02)
        return left


@contextmanager
def running(*words: str, **environment: str) -> Iterator[Running]:
    """The command, started; whatever is left of it at the end is killed."""
    one = Running(words, environment)
    try:
        yield one
    finally:
        for pid in (one.process.pid, *one.descendants()):
            if one.process.returncode is None or pid != one.process.pid:
                _kill(pid)
        one.process.communicate()


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _marked(mark: str) -> Iterator[tuple[int, str]]:
    wanted = f"{_MARK}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            if (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        yield int(folder.name), line
