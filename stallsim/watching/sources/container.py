"""Reads a container's network namespace through a helper process that enters it.

``sock_diag`` answers for the namespace in which its socket was opened. A process may enter the network
namespace of a rootless container of its own user through the container's user namespace, in which the
creator has every capability (setns(2)); root may enter any. A process with several threads may not enter a
user namespace, and the watching process must stay in its own, so a helper process enters.
"""

import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from ...children.isolated import python_words
from ...errors import StallsimError, Unavailable
from ...helper import Failure
from ...kernel.diag_filter import of_cgroups
from ...kernel.libc import call
from ...kernel.sock_diag import Address, SockDiag

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SIZE = struct.Struct("=I")
_END_S = 2.0


class LookupRequest(Struct, frozen=True, kw_only=True, array_like=True):
    """One line to the helper: a dump if ``own`` is None, else a query for one socket."""

    port: int = 0
    states: int = 0
    families: tuple[int, ...] = ()
    own: tuple[str, int] | None = None
    peer: tuple[str, int] | None = None


class Container:
    """Queries through a helper process in the network namespace of process ``pid``. Raises Unavailable."""

    def __init__(self, pid: int, cgroups: Sequence[int] = ()) -> None:
        """``cgroups``: as for ``source_for``."""
        words = python_words(__name__, str(pid), *map(str, cgroups))
        # A session of its own: Ctrl-C must not reach the helper, which ends when its input is closed.
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        try:
            refusal = self._answers()[0]
            if refusal:
                raise msgspec.json.decode(refusal, type=Failure).error()
        except BaseException:
            self.close()
            raise

    def dump(self, port: int, states: int, families: tuple[int, ...]) -> list[bytes]:
        """As in ``SockDiag``."""
        return self._ask(LookupRequest(port=port, states=states, families=families))

    def find(self, own: Address, peer: Address) -> bytes | None:
        """As in ``SockDiag``."""
        found = self._ask(LookupRequest(own=own[:2], peer=peer[:2]))
        return found[0] if found else None

    def close(self) -> None:
        """Close the helper's streams, which ends it."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):  # it has ended before: there is nobody to tell
                    stream.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, question: LookupRequest) -> list[bytes]:
        stdin = self._process.stdin
        try:
            if stdin is None:
                raise BrokenPipeError
            stdin.write(msgspec.json.encode(question) + b"\n")
            stdin.flush()
        except (BrokenPipeError, ValueError):
            raise _gone() from None
        return self._answers()

    def _answers(self) -> list[bytes]:
        stdout = self._process.stdout
        if stdout is None:
            raise _gone()
        (count,) = _SIZE.unpack(_exactly(stdout, _SIZE.size))
        return [_exactly(stdout, _SIZE.unpack(_exactly(stdout, _SIZE.size))[0]) for _ in range(count)]


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise _gone()
    return data


def _gone() -> Unavailable:
    return Unavailable(
        "container", "the helper process in its network namespace has ended", "start the watch anew"
    )


def _enter(pid: int) -> None:
    """Enter the network namespace. Raises Unavailable if this user may not."""
    try:
        for kind, flag in (("user", _CLONE_NEWUSER), ("net", _CLONE_NEWNET)):
            there, here = (Path(f"/proc/{one}/ns/{kind}") for one in (pid, "self"))
            with there.open("rb") as theirs, here.open("rb") as ours:
                if not os.path.sameopenfile(theirs.fileno(), ours.fileno()):
                    call("setns", theirs.fileno(), flag)
    except OSError as error:
        raise Unavailable(
            "container",
            f"this user may not enter the network namespace of process {pid} ({error.strerror})",
            f"run it as root, or inside: nsenter --target {pid} --net stallsim watch",
        ) from error


def _answer(answers: list[bytes]) -> None:
    out = sys.stdout.buffer
    out.write(_SIZE.pack(len(answers)) + b"".join(_SIZE.pack(len(one)) + one for one in answers))
    out.flush()


def main() -> None:
    """The helper: enters the namespace and answers each line until its input ends."""
    try:
        _enter(int(sys.argv[1]))
        diag = SockDiag(of_cgroups([int(one) for one in sys.argv[2:]]))
    except StallsimError as error:
        _answer([msgspec.json.encode(Failure.of(error))])
        return
    _answer([b""])
    with diag:
        for line in sys.stdin.buffer:
            question = msgspec.json.decode(line, type=LookupRequest)
            if question.own is not None and question.peer is not None:
                found = diag.find(question.own, question.peer)
                _answer([found] if found else [])
            else:
                _answer(diag.dump(question.port, question.states, question.families))


if __name__ == "__main__":
    main()
