"""``python -I subreaper.py``: starts a user's program, and ends it with all its descendants.

A descendant whose parent ends becomes a child of this process (PR_SET_CHILD_SUBREAPER, prctl(2)), even
from the background or a session of its own, and so can be found. The first line of standard input contains
the command; each further line asks for the program's state; the answers are lines of JSON. When standard
input ends, or the process that started this one, all descendants are ended: SIGTERM, and then SIGKILL for
those that are left.

The module imports only a few modules of the standard library, and starts in some 30 ms.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import sys
import time
from typing import Any

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_OUTPUT_BYTES = 65536
_TAIL_BYTES = 4000
_LOOK_S = 1.0
_POLITE_S, _KILL_S = 1.0, 5.0
_POLL_S = 0.01
_DESCRIPTORS_MAX = 3


class StartedProgram:
    """The started program, and the last lines that it has printed."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        """Raises OSError if the program cannot be started."""
        self._output, theirs = os.pipe()
        failed, failing = os.pipe()
        self._tail = bytearray()
        ours = os.getpid()
        self.pid = os.fork()
        if not self.pid:
            try:
                os.setsid()
                _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
                if os.getppid() != ours:  # the parent was killed before prctl: no signal will come
                    os._exit(127)
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(theirs, 1)
                os.dup2(theirs, 2)
                for number in (*_STOPS, signal.SIGPIPE, signal.SIGXFSZ):
                    signal.signal(number, signal.SIG_DFL)
                signal.pthread_sigmask(signal.SIG_SETMASK, ())
                os.execvpe(words[0], words, environment)
            except OSError as error:
                os.write(failing, str(error.errno).encode())
            finally:
                os._exit(127)
        os.close(theirs)
        os.close(failing)
        failure = os.read(failed, 16)
        os.close(failed)
        if failure:
            raise OSError(int(failure), os.strerror(int(failure)))

    @property
    def descriptors(self) -> list[int]:
        """The descriptors to read; none once the program has closed its output."""
        return [self._output] if self._output >= 0 else []

    def read(self) -> None:
        """Read some of the program's output, and keep the end of it."""
        piece = os.read(self._output, _OUTPUT_BYTES)
        if not piece:
            os.close(self._output)
            self._output = -1
        self._tail += piece
        del self._tail[:-_OUTPUT_BYTES]

    def drain(self) -> None:
        """Read the output that has come."""
        for _ in range(_DESCRIPTORS_MAX):
            if self.descriptors and select.select(self.descriptors, [], [], 0)[0]:
                self.read()

    def status(self) -> dict[str, object]:
        """The exit code (None while it runs), and the end of its output."""
        ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        code = None
        if ended is not None:
            code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        tail = self._tail[-_TAIL_BYTES:].decode(errors="replace")
        return {"code": code, "output": tail, "descendants": len(_descendants()) - (code is not None)}


_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_stopping = False


def main() -> None:
    """Run the subreaper until its input ends."""
    for number in _STOPS:
        signal.signal(number, _stop)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    asker = os.getppid()
    request, rest = _first_line()
    try:
        program = StartedProgram(request["words"], request["environment"])
    except OSError as error:
        _answer({"error": error.strerror})
        return
    try:
        _answer({"pid": program.pid})
        _serve(program, asker, rest)
    finally:
        _end_all()


def _first_line() -> tuple[dict[str, Any], bytes]:
    data = b""
    while b"\n" not in data:
        piece = os.read(0, 65536)
        if not piece:
            sys.exit(0)
        data += piece
    line, _, rest = data.partition(b"\n")
    return json.loads(line), rest


def _serve(program: StartedProgram, asker: int, questions: bytes) -> None:
    while not _stopping and os.getppid() == asker:
        for _ in range(questions.count(b"\n")):
            program.drain()
            _answer(program.status())
        questions = b""
        readable, _, _ = select.select([0, *program.descriptors], [], [], _LOOK_S)
        for descriptor in readable:
            if descriptor:
                program.read()
            elif not (questions := os.read(0, 65536)):
                return
        _reap(program.pid)


def _stop(_number: int, _frame: object) -> None:
    global _stopping  # noqa: PLW0603 - a signal's handler has nowhere else to say it
    _stopping = True


def _answer(answer: dict[str, object]) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(1, json.dumps(answer).encode() + b"\n")


def _end_all() -> None:
    """Send SIGTERM to every descendant, and SIGKILL after some time; a fork bomb is given up after some
    seconds.
    """
    began_s = time.monotonic()
    signalled: set[int] = set()
    while left := _descendants():
        waited_s = time.monotonic() - began_s
        if waited_s > _KILL_S:
            return
        for one in left:
            if waited_s > _POLITE_S:
                _signal(one, signal.SIGKILL)
            elif one not in signalled:
                signalled.add(one)
                _signal(one, signal.SIGTERM)
        _reap(0)
        time.sleep(_POLL_S)


def _reap(but: int) -> None:
    """Wait for the children that have ended, but one: it stays a zombie, so that its pid stays its own."""
    for child in _children(os.getpid()):
        if child != but:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, os.WNOHANG)


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _descendants() -> list[int]:
    found = []
    waiting = [os.getpid()]
    while waiting:
        born = _children(waiting.pop())
        found += born
        waiting += born
    return found


def _children(pid: int) -> list[int]:
    """The children of all threads of a process; by the processes' parents if the kernel lacks
    CONFIG_PROC_CHILDREN.
    """
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="utf-8") as listing:
                found += [int(child) for child in listing.read().split()]
    except FileNotFoundError:
        return [] if os.path.exists("/proc/thread-self/children") else _by_parent(pid)
    except ProcessLookupError:
        return []
    return found


def _by_parent(pid: int) -> list[int]:
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as stat:
            if int(stat.read().rpartition(b")")[2].split()[1]) == pid:
                found.append(int(name))
    return found


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    main()
