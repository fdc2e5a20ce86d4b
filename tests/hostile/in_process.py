"""The command line in this process, a hundred times a second: what it prints, and what is wrong with it."""

import contextlib
import io
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from unittest import mock

from stallsim.cli import main
from tests.pure.raw_text import RAW

from .patience import Patience
from .processes import CODES, Ended

_LINE_MAX = 2000
_AGAIN_S = 1.0


def call(*words: str) -> Ended:
    """How the command ends. What it raises is in its error output, as Python would print it."""
    out_bytes, err_bytes = io.BytesIO(), io.BytesIO()
    out = io.TextIOWrapper(out_bytes, encoding="utf-8", write_through=True)
    err = io.TextIOWrapper(err_bytes, encoding="utf-8", errors="backslashreplace", write_through=True)
    code: object = 1
    with (
        mock.patch.object(sys, "argv", ["stallsim", *words]),
        mock.patch.multiple(
            "stallsim.cli", raise_on_signals=_nothing, ignore_signals=_nothing, leave_soon=_nothing
        ),
        mock.patch("stallsim.cli.flush_for_good", _nothing),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
        except Exception:  # noqa: BLE001 - it is what is looked for
            traceback.print_exc(file=err)
    assert isinstance(code, int)
    return Ended(code, out_bytes.getvalue(), err_bytes.getvalue())


def call_within(seconds: float, *words: str) -> Ended:
    """The same; what lasts longer ends with a traceback of where it was."""

    patience = Patience(seconds, lambda: [os.getpid()])

    def hangs(*_: object) -> None:
        if patience.left_s() <= 0:
            raise TimeoutError(f"a hang: {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_S)
    try:
        return call(*words)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _nothing() -> None:
    return


def faults_of(ended: Ended) -> Iterator[str]:
    """What may not be, whatever the command was given."""
    yield from ended.faults
    out, err = ended.out.decode(), ended.err.decode()
    for name, text in (("standard output", out), ("standard error", err)):
        if found := RAW.search(text):
            yield f"{found[0]!r} on {name}: {text[max(0, found.start() - 40) : found.end() + 40]!r}"
    lines = err.splitlines()
    if ended.code in (2, 3) and (len(lines) != 1 or not lines[0].startswith("stallsim: ")):
        yield f"{len(lines)} lines of error"
    if any(len(line) > _LINE_MAX for line in lines):
        yield "a line without an end"
    if ended.code not in CODES:
        yield f"exit code {ended.code}"
