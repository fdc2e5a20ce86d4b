"""A command, started in this process's care, and whatever it leaves behind: processes and sockets.

This process is made the subreaper of its descendants (prctl(2)): one whose parent has ended, in whatever
session, with whatever environment, becomes its child, and so is found. Its network namespace is its own, so
that a socket that is left is one of the command's.
"""

import ctypes
import fcntl
import gc
import importlib
import io
import os
import pkgutil
import runpy
import select
import signal
import sys
import termios
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import stallsim
from stallsim.children.parent import end_with_parent
from stallsim.errors import Unavailable
from stallsim.kernel import private_stack
from tests.loopback.running import ENVIRONMENT

from .patience import Patience

_PR_SET_CHILD_SUBREAPER = 36
_TIME_WAIT, _LISTEN = "06", "0A"
_PROGRAMS = ("._start", ".subreaper", ".__main__")
_LATER = ("pydantic", "typer._adapters", "rich._emoji_codes", "matplotlib.backends.backend_svg")
"""What libraries import when they are used first, and a command would after each fork."""
_NOT_STARTED = 127
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE)
_GONE_S, _LOOK_S = 20.0, 0.01
_own: set[int] = set()
_ports: set[str] = set()


def import_all() -> None:
    """Once, before any other process is forked: what a command imports, it has then."""
    ours = (module.name for module in pkgutil.walk_packages(stallsim.__path__, "stallsim."))
    for name in (*ours, *_LATER):
        if not name.endswith(_PROGRAMS):
            with suppress(ModuleNotFoundError):  # of an extra that is not installed
                importlib.import_module(name)
    gc.collect()
    gc.freeze()


def become_parent() -> None:
    """Once, before the first command."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with suppress(Unavailable):  # then other programs' sockets are seen, too
        private_stack.enter({})


def keep(pid: int) -> None:
    """A helper of the campaign, not of a command."""
    _own.add(pid)


def keep_port(port: int) -> None:
    """Of a helper of the campaign: a socket at either end of it is not looked for."""
    _ports.add(f"{port:04X}")


class Command:
    """A Python program: ``-m MODULE`` or a file, and its arguments. ``warm``: forked, its imports done."""

    def __init__(
        self,
        words: Sequence[str],
        folder: Path,
        *,
        warm: bool,
        terminal: int | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        """``more``: of its environment."""
        self._out, self._err = folder / "stdout", folder / "stderr"
        environment = {**ENVIRONMENT, "TMPDIR": str(folder), "TERM": "xterm-256color"} | dict(more or {})
        if terminal is not None:
            environment.pop("COLUMNS")
        self._sockets_before = set(_sockets())
        sys.stdout.flush()
        # one that is sent before the child has its own handlers waits; this process may ignore it
        unblocked = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self.pid = os.fork()
        if not self.pid:
            try:
                self._become(words, environment, terminal, unblocked, warm=warm)
            finally:
                os._exit(_NOT_STARTED)
        signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
        self._pidfd = os.pidfd_open(self.pid)

    def _become(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        terminal: int | None,
        unblocked: Iterable[int],
        *,
        warm: bool,
    ) -> NoReturn:
        os.setsid()
        end_with_parent()
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
        if terminal is None:
            streams = [os.open(os.devnull, os.O_RDONLY)]
            streams += [
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for path in (self._out, self._err)
            ]
        else:
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
            streams = [terminal] * 3
        for descriptor, stream in enumerate(streams):
            os.dup2(stream, descriptor)
        if not warm:
            os.execve(sys.executable, [sys.executable, *words], dict(environment))
        os._exit(_run(words, environment))

    def wait(self, within_s: float) -> int | None:
        """Its exit code, negative for a signal; None where it lives on."""
        if not select.select([self._pidfd], [], [], within_s)[0]:
            return None
        _, status = os.waitpid(self.pid, 0)
        os.close(self._pidfd)
        return os.waitstatus_to_exitcode(status)

    def ends(self, within_s: float, meanwhile: Callable[[], object] = lambda: None) -> int | None:
        """As ``wait``; time in which a process of it waited for a CPU does not count."""
        patience = Patience(within_s, lambda: _below(self.pid))
        while (left_s := patience.left_s()) > 0:
            meanwhile()
            if (code := self.wait(min(_LOOK_S * 5, left_s))) is not None:
                return code
        return None

    def send(self, number: signal.Signals) -> bool:
        """Whether it was there to be signalled."""
        try:
            signal.pidfd_send_signal(self._pidfd, number)
        except ProcessLookupError:
            return False
        return True

    def where(self) -> str:
        """What it and its descendants are at, and the CPU time that each has had: for one that hangs."""
        return "; ".join(_at(pid) for pid in (self.pid, *_descendants()))

    def kill(self) -> None:
        """And wait for its end."""
        self.send(signal.SIGKILL)
        self.ends(_GONE_S)

    def catches(self, number: signal.Signals) -> bool:
        """Whether it has a handler for it: before that, Python itself is starting."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        mask = next(line for line in status.splitlines() if line.startswith("SigCgt")).split()[1]
        return bool(int(mask, 16) >> (number - 1) & 1)

    @property
    def out(self) -> bytes:
        return self._out.read_bytes() if self._out.exists() else b""

    @property
    def err(self) -> bytes:
        return self._err.read_bytes() if self._err.exists() else b""

    def left(self, within_s: float = _GONE_S) -> Iterator[str]:
        """What is still there after a while of waiting for nothing to be; it is killed."""
        patience = Patience(within_s, _descendants)
        while (processes := _descendants()) and patience.left_s() > 0:
            time.sleep(_LOOK_S)
        for pid, line in processes.items():
            yield f"a process is left: {line}"
            os.kill(pid, signal.SIGKILL)
        while (sockets := set(_sockets()) - self._sockets_before) and patience.left_s() > 0:
            time.sleep(_LOOK_S)
        for socket in sockets:
            yield f"a socket is left: {socket}"


def _run(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """As ``python`` would. Never raises."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # as Python does when it starts
    os.environ.clear()
    os.environ.update(environment)
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BufferedWriter(io.FileIO(number, "w", closefd=False))) for number in (1, 2)
    )
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - it stays open; multiprocessing has closed it
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]
    try:
        if words[0] == "-m":
            sys.argv = list(words[1:])
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = list(words)
            runpy.run_path(words[0], run_name="__main__")
        code: object = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = 120
    return code if isinstance(code, int) else int(code is not None)


def _descendants() -> dict[int, str]:
    """All but the campaign's helpers, with their command lines; those that have ended are waited for."""
    found, waiting = {}, [os.getpid()]
    while waiting:
        parent = waiting.pop()
        for child in _children(parent):
            if child in _own:
                continue
            if parent == os.getpid() and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG) is not None:
                continue
            try:
                line = (
                    Path(f"/proc/{child}/cmdline")
                    .read_bytes()
                    .replace(b"\0", b" ")
                    .decode(errors="replace")
                )
            except (FileNotFoundError, ProcessLookupError):
                continue
            found[child] = line
            waiting.append(child)
    return found


def _below(pid: int) -> Iterator[int]:
    """It and its descendants; nobody is waited for."""
    yield pid
    for child in _children(pid):
        yield from _below(child)


def _at(pid: int) -> str:
    folder = Path(f"/proc/{pid}")
    try:
        stat = (folder / "stat").read_text().rpartition(")")[2].split()
        said = (folder / "cmdline").read_bytes().replace(b"\0", b" ")[:80].decode(errors="replace")
        waits_in = (folder / "wchan").read_text()
    except OSError as error:
        return f"{pid}: {error.strerror}"
    ticks = int(stat[11]) + int(stat[12])
    return f"{pid} {said!r}: {stat[0]} in {waits_in}, {ticks / os.sysconf('SC_CLK_TCK'):.1f} s of CPU"


def _children(pid: int) -> list[int]:
    """Those of all its threads, as far as they are still there while they are asked."""
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for listing in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(FileNotFoundError, ProcessLookupError):
                found += map(int, listing.read_text().split())
    return found


def _sockets() -> Iterator[str]:
    """TCP sockets of this namespace that the kernel does not merely remember."""
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/self/net/{name}").read_text().splitlines()[1:]:
            _, local, remote, state, *_ = line.split()
            if state != _TIME_WAIT and not _ports.intersection((local[-4:], remote[-4:])):
                yield f"{local} {remote} {state}"
