"""The other end of ``target.keeper``: a server in the keeping of a process, asked line by line."""

import subprocess
import sys
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct

from ..errors import EnvironmentUnfit, ExitCode, StallsimError
from ..target.server.keeper import Health, Kept, Order

_END_S = 10.0
_Answer = TypeVar("_Answer", bound=Struct)


class Keeper:
    """Started with an order; ``kept`` says where the server listens."""

    def __init__(self, order: Order, environment: Mapping[str, str]) -> None:
        """Raises EnvironmentUnfit where the server does not start, StallsimError for a wrong order."""
        pipe = subprocess.PIPE
        words = [sys.executable, "-m", "stallsim.target.server.keeper"]
        self._process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
        self._last = Health(gone=False, output="")
        try:
            self.kept = self._ask(msgspec.json.encode(order), Kept)
        except BaseException:
            self._end_process()
            raise

    def health(self) -> Health:
        """How the server is; after ``end``, how it was last."""
        if self._process.returncode is None:
            self._last = self._ask(b"", Health)
        return self._last

    def end(self) -> None:
        """End the server, with its whole process group."""
        if self._process.returncode is None:
            self.health()
            self._end_process()

    def _ask(self, question: bytes, kind: type[_Answer]) -> _Answer:
        asking, answering = self._process.stdin, self._process.stdout
        assert asking is not None, "it is a pipe"
        assert answering is not None, "it is a pipe"
        try:
            asking.write(question + b"\n")
            asking.flush()
        except BrokenPipeError:
            answer = b""
        else:
            answer = answering.readline()
        if answer:
            return msgspec.json.decode(answer, type=kind)
        _, complaint = self._process.communicate()
        error = EnvironmentUnfit if self._process.returncode == ExitCode.ENVIRONMENT else StallsimError
        words = complaint.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise error(f"serve: {words[-1].removeprefix('--exec ')}")

    def _end_process(self) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
