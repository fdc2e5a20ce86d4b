"""A process that executes requests of a test; to a watch it looks like somebody else's server."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_OBEY = """
import os, signal, socket, sys, threading, time

def fork(work=signal.pause):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid

server = socket.create_server(("127.0.0.1", 0))
for line in sys.stdin:
    print(eval(f"({line.strip()})"), flush=True)
"""


class Servant:
    """It listens, forks and holds memory, each when told to."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.pid = process.pid
        self.address = ("127.0.0.1", int(self.do("server.getsockname()[1]")))

    def do(self, expression: str) -> str:
        """What the expression comes to, there; it has been done when this returns."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(expression + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        """Killed, and waited for."""
        self._process.kill()
        self._process.wait()


@contextmanager
def servant() -> Iterator[Servant]:
    """With whatever it has forked, until the end of the block."""
    words = [sys.executable, "-c", _OBEY]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as process:
        try:
            yield Servant(process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def ended_pid() -> int:
    """Of a process that is no more."""
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return process.pid
