"""Runs a user's program under a subreaper: it ends, with all its descendants, when this process ends."""

import json
import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from msgspec import Struct

from ..errors import EnvironmentUnfit
from .isolated import isolated_python

_SUBREAPER = Path(__file__).with_name("subreaper.py")
_ANSWER_S = 10.0
_END_S = 7.0
"""Seconds; longer than the subreaper itself needs at most."""


class ProgramStatus(Struct, frozen=True):
    """The state of the program."""

    code: int | None
    """The exit code, negative if a signal ended the program; None while it runs."""
    output: str
    """The last lines that the program has printed."""
    descendants: int
    """Processes that it has started and that run, itself included."""


class _Begun(Struct, frozen=True):
    pid: int = 0
    error: str = ""


_UNKNOWN = ProgramStatus(code=None, output="", descendants=0)


class Program:
    """A running program; on leaving the block, it is ended with all its descendants."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """Raises EnvironmentUnfit if the program cannot be started."""
        pipe = subprocess.PIPE
        self._subreaper = subprocess.Popen(
            [*isolated_python(), str(_SUBREAPER)],
            stdin=pipe,
            stdout=pipe,
            start_new_session=True,
            bufsize=0,
        )
        self._last = _UNKNOWN
        self._pidfd = -1
        try:
            request = {"words": list(words), "environment": dict(environment)}
            begun = msgspec.json.decode(self._ask(json.dumps(request).encode()), type=_Begun)
            if begun.error:
                raise EnvironmentUnfit(f"{words[0]}: {begun.error}")
            self.pid = begun.pid
            self._pidfd = os.pidfd_open(self.pid)
        except BaseException:
            self.close()
            raise

    @property
    def gone(self) -> bool:
        """Whether the program itself has ended."""
        return self._pidfd < 0 or bool(select.select([self._pidfd], [], [], 0)[0])

    def status(self) -> ProgramStatus:
        """The program's state now; once closed, its last state. Raises EnvironmentUnfit without a
        subreaper.
        """
        if self._pidfd >= 0:
            self._last = msgspec.json.decode(self._ask(b""), type=ProgramStatus)
        return self._last

    def begin_end(self) -> None:
        """Let the subreaper end all processes; ``ended`` becomes True when that is done."""
        if self._subreaper.stdin is not None:
            with suppress(BrokenPipeError):
                self._subreaper.stdin.close()

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self._subreaper.poll() is not None

    def close(self) -> None:
        """End everything, and wait for it."""
        self.begin_end()
        try:
            self._subreaper.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._subreaper.kill()
            self._subreaper.wait()
        if self._subreaper.returncode and self._pidfd >= 0:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        if self._subreaper.stdout is not None:
            self._subreaper.stdout.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    def _ask(self, question: bytes) -> bytes:
        asking, answering = self._subreaper.stdin, self._subreaper.stdout
        assert asking is not None, "it is a pipe"
        assert answering is not None, "it is a pipe"
        answer = b""
        with suppress(BrokenPipeError):
            rest = memoryview(question + b"\n")
            while rest:
                rest = rest[asking.write(rest) or 0 :]
            while not answer.endswith(b"\n") and select.select([answering], [], [], _ANSWER_S)[0]:
                piece = answering.read(65536)
                if not piece:
                    break
                answer += piece
        if not answer.endswith(b"\n"):
            code = self._subreaper.poll()
            raise EnvironmentUnfit(f"the process that watches the started program has ended ({code})")
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
