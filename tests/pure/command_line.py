"""The command line, in this process."""

import signal
import sys
from typing import NamedTuple

import pytest

from stallsim.cli import main
from stallsim.signals import ENDING


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class CommandLine:
    """Calls ``main()`` as the shell would, and returns how it ended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *argv: str) -> Ended:
        self._monkeypatch.setattr(sys, "argv", ["stallsim", *argv])
        before = {number: signal.getsignal(number) for number in ENDING}
        with pytest.raises(SystemExit) as ended:
            main()
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.setitimer(
            signal.ITIMER_REAL, 0
        )  # the one with which an interrupted command ends this process
        out, err = self._capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int), f"an exit code is a number, not {code!r}"
        return Ended(code, out, err)

    def refuses(self, *argv: str, code: int, saying: tuple[str, ...]) -> None:
        """One line on standard error with all that it must say, nothing on standard output."""
        ended = self(*argv)
        assert (ended.code, ended.out) == (code, ""), ended
        (line,) = ended.err.splitlines()
        assert "Traceback" not in line
        missing = [words for words in saying if words not in line]
        assert not missing, f"{missing} not in: {line}"
