"""The other end of ``probing.server.supervisor``: a process that runs a server and answers line by line."""

import subprocess
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct

from ..children.isolated import python_words
from ..errors import EnvironmentUnfit, ExitCode, StallsimError
from ..probing.server.supervisor import ServerStatus, Started, StartRequest

_END_S = 10.0
_Answer = TypeVar("_Answer", bound=Struct)


class ServerProcess:
    """The process of a server, started with a request; ``started`` has its address."""

    def __init__(self, request: StartRequest, environment: Mapping[str, str]) -> None:
        """Raises EnvironmentUnfit if the server does not start, StallsimError for an invalid request."""
        pipe = subprocess.PIPE
        words = python_words("stallsim.probing.server.supervisor")
        self._process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
        self._last = ServerStatus(gone=False, output="")
        try:
            self.started = self._ask(msgspec.json.encode(request), Started)
        except BaseException:
            self._end_process()
            raise

    def health(self) -> ServerStatus:
        """The server's status; after ``end``, its last one."""
        if self._process.returncode is None:
            self._last = self._ask(b"", ServerStatus)
        return self._last

    @property
    def ended(self) -> str:
        """How the server has ended; empty while it runs. Raises EnvironmentUnfit without its supervisor."""
        by_the_test = "" if self._process.returncode is None else "the server was ended by its end()"
        return self.health().ended or by_the_test

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
        words = complaint.decode(errors="replace").strip().splitlines() or ["the process printed no error"]
        raise error(f"serve: {words[-1]}")

    def _end_process(self) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
