"""The errors that stallsim raises on purpose, and the exit code of each.

What a peer does (resets, closes, times out) is data and never raised; these errors are for invalid
requests of the user and for what the machine cannot do.
"""

import difflib
from collections.abc import Iterable
from enum import IntEnum

_BRIEF, LINE = 400, 1200
_NAMES_MAX = 12


class ExitCode(IntEnum):
    """What the command line returns (docs/running.md, 'Verdicts and exit codes')."""

    PASS = 0
    """The command did what was asked for, and every requirement on the result was met."""
    FAIL = 1
    """A run failed its expectations or a check of its own; a server did not keep a limit."""
    USAGE = 2
    """The command line, a profile, a recording or an output file is invalid; one line states which."""
    ENVIRONMENT = 3
    """The machine or the server does not meet a requirement: no Linux, too few descriptors, no listener,
    no space.
    """
    INTERRUPTED = 130
    """A signal ended the command cleanly; what was recorded until then can be replayed."""


class StallsimError(Exception):
    """One line for the user: what was wrong and what is allowed. Never shown with a traceback."""

    exit_code = ExitCode.USAGE

    def __init__(self, line: str) -> None:
        super().__init__(one_line(line))


class ProfileError(StallsimError):
    """A profile, or a ``--set``, that cannot be run: ``source: key: what was wrong; what is allowed``."""

    def __init__(self, source: str, key: str, problem: str) -> None:
        self.source, self.key, self.problem = source, key, problem
        super().__init__(": ".join(brief(part) for part in (source, key, problem) if part))


class OptionError(StallsimError):
    """An option with an invalid value: ``watch: expected a duration``.

    ``option`` is spelled as in Python; the command line and the pytest plugin replace it by their own
    spelling.
    """

    def __init__(self, option: str, problem: str) -> None:
        self.option, self.problem = option, problem
        super().__init__(f"{option}: {problem}")


class UnknownVariant(StallsimError):
    """A client, policy or profile of that name does not exist."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.problem = f"unknown {what} {name!r}{suggest(name, known)}"
        super().__init__(self.problem)


class RecordingError(StallsimError):
    """A file that is not a recording, is of another version, or may not be written."""


class ReportError(StallsimError):
    """A report that cannot be written: an unknown format, a file that exists, an unfit subject."""


class EnvironmentUnfit(StallsimError):
    """This machine cannot execute the run: not Linux, too few descriptors, too little ``tcp_mem``."""

    exit_code = ExitCode.ENVIRONMENT


_NO_MEMORY = "this process may have no more memory (ulimit -v, or its cgroup's limit)"
_NO_THREAD = "this process may start no more threads (ulimit -u or -v, or its cgroup's pids.max)"


def refusal(error: BaseException) -> EnvironmentUnfit | None:
    """The error, in one line, for what the system has refused (space, descriptors, memory); None for any
    other error.
    """
    match error:
        case MemoryError():
            what = _NO_MEMORY
        case ImportError() if "failed to map segment" in str(error):  # the words of glibc's loader
            what = _NO_MEMORY
        case RuntimeError() if "can't start new thread" in str(error):  # the words of Python
            what = _NO_THREAD
        case OSError():
            what = _with_call(error)
        case _:
            return None
    return EnvironmentUnfit(f"the system refused: {what}")


def _with_call(error: OSError) -> str:
    """The error's words, and what was refused: Python names the file, or else this names the call."""
    from .refused_call import refused_call  # noqa: PLC0415 - most processes are refused nothing

    call = "" if error.filename else refused_call(error)
    return f"{error} ({call})" if call else str(error)


class OutOfTime(StallsimError):
    """The time limit of the caller is over."""

    exit_code = ExitCode.ENVIRONMENT


class Unavailable(StallsimError):
    """A capability that the run needs is missing; ``remedy`` states how to go on without root."""

    exit_code = ExitCode.ENVIRONMENT

    def __init__(self, what: str, reason: str, remedy: str) -> None:
        self.what, self.reason, self.remedy = what, reason, remedy
        super().__init__(f"{what}: {reason}; {remedy}")


def one_line(text: str) -> str:
    """The text on one line, in printable characters and of bounded length."""
    printable = "".join(char if char.isprintable() or char.isspace() else "?" for char in text)
    return brief(" ".join(printable.split()), LINE)


def brief(text: str, limit: int = _BRIEF) -> str:
    """The text, shortened in its middle if it is long, so that a pasted value does not fill the screen."""
    return text if len(text) <= limit else f"{text[: limit - 60]} ... {text[-50:]}"


def suggest(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` if a known word is similar, and always ``; allowed: ...``, nearest first."""
    names = sorted(known)
    close = [name for name in difflib.get_close_matches(word, names, n=1, cutoff=0.6) if name != word]
    hint = f"; did you mean {close[0]!r}?" if close else ""
    if len(names) > _NAMES_MAX:
        names.sort(key=lambda name: -difflib.SequenceMatcher(None, name, word[:_BRIEF]).ratio())
        names[_NAMES_MAX:] = [f"and {len(names) - _NAMES_MAX} more"]
    return f"{hint}; allowed: {', '.join(names) or 'none'}"
