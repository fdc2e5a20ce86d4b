"""Runs work in a process of its own: it gets a question, returns an answer, and passes errors on.

The asking process is unchanged: its threads, its event loop, its network stack. The helper process may
enter a private stack. It is ended, with all its descendants, when its answer is no longer awaited.
"""

import signal
import subprocess
import sys
from collections.abc import Callable

import msgspec
import trio
from msgspec import Struct

from .children.isolated import python_words
from .errors import (
    EnvironmentUnfit,
    ExitCode,
    OptionError,
    OutOfTime,
    ProfileError,
    RecordingError,
    StallsimError,
    Unavailable,
    refusal,
)
from .units import format_seconds

_END_S = 5.0
"""Seconds in which a process may end its descendants before it is killed."""
_LAST_WORDS = 300


class Failure(Struct, frozen=True, kw_only=True):
    """An error that the helper passes to the asking process."""

    kind: str
    words: tuple[str, ...]
    """The arguments of the error's class."""

    @classmethod
    def of(cls, error: StallsimError) -> "Failure":
        """The error as data; of a class that ``_KINDS`` lacks, as its nearest base class there."""
        match error:
            case Unavailable():
                words: tuple[str, ...] = (error.what, error.reason, error.remedy)
            case OptionError():
                words = (error.option, error.problem)
            case ProfileError():
                words = (error.source, error.key, error.problem)
            case _:
                words = (str(error),)
        kind = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _KINDS)
        return cls(kind=kind, words=words)

    def error(self) -> StallsimError:
        """The error that this data describes."""
        return _KINDS[self.kind](*self.words)


_KINDS: dict[str, type[StallsimError]] = {
    kind.__name__: kind
    for kind in (StallsimError, OptionError, ProfileError, RecordingError, EnvironmentUnfit, Unavailable)
}


def answer(work: Callable[[bytes], bytes | None]) -> int:
    """Run the helper: read the question from standard input, write the answer to standard output, return
    the exit code.

    ``work`` returns None if a signal has ended it.
    """
    try:
        answer_bytes = work(sys.stdin.buffer.read())
    except Exception as raised:
        error = raised if isinstance(raised, StallsimError) else refusal(raised)
        if error is None:
            raise
        sys.stdout.buffer.write(msgspec.json.encode(Failure.of(error)))
        return error.exit_code
    if answer_bytes is None:
        return ExitCode.INTERRUPTED
    sys.stdout.buffer.write(answer_bytes)
    return ExitCode.PASS


async def ask(module: str, question: bytes) -> bytes:
    """The answer of ``module``, run as a process (trio). Raises the helper's StallsimError."""
    process = _open(module)
    with process:
        try:
            answer_bytes, complaint = await trio.to_thread.run_sync(
                process.communicate, question, abandon_on_cancel=True
            )
        finally:
            with trio.CancelScope(shield=True):
                await trio.to_thread.run_sync(_end, process)
    return _decoded(process.returncode, answer_bytes, complaint)


def ask_blocking(module: str, question: bytes, timeout_s: float | None = None) -> bytes:
    """``ask`` for any thread. Raises OutOfTime, too."""
    with _open(module) as process:
        try:
            answer_bytes, complaint = process.communicate(question, timeout_s)
        except subprocess.TimeoutExpired:
            waited = format_seconds(timeout_s or 0.0)
            raise OutOfTime(f"not done within {waited}, and ended; give it a longer timeout") from None
        finally:
            _end(process)
    return _decoded(process.returncode, answer_bytes, complaint)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the helper, for whatever reason it is no longer awaited, unless it has ended by itself."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _open(module: str) -> subprocess.Popen[bytes]:
    """Start the helper, in the thread that will wait for it: the helper ends with that thread."""
    pipe = subprocess.PIPE
    return subprocess.Popen(python_words(module), stdin=pipe, stdout=pipe, stderr=pipe)


def _decoded(code: int, answer_bytes: bytes, complaint: bytes) -> bytes:
    if code == ExitCode.PASS:
        return answer_bytes
    try:
        failure = msgspec.json.decode(answer_bytes, type=Failure)
    except msgspec.DecodeError:
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        last = complaint.decode(errors="replace").strip().splitlines()
        words = last[-1][-_LAST_WORDS:] if last else "it has not answered; nothing is known of the result"
        raise EnvironmentUnfit(f"the helper process {how}: {words}") from None
    raise failure.error()
