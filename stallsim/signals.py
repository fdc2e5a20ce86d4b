"""Handles SIGINT, SIGTERM and SIGHUP while a command runs, and after it; before that, ``__main__`` does.

A SIGHUP that is ignored (``nohup``) stays ignored.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import ClassVar

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130
_SAME_S = 0.5
"""Seconds. A terminal and a wrapper that passes signals on may both send one: within this time they count
as one signal.
"""
_AGAIN_S = 0.001
_EFFECT_S = 30.0
"""Seconds; longer than the end that the first signal asks for. A main thread that waits in a lock cannot
act on the signal: if memory is refused at the start of a thread, CPython waits for ever for that thread.
"""
_FLUSH_S = 5.0
"""Seconds that the last output may take after a signal."""

End = Callable[[], object]
"""The function that ends this process; a test passes one that does not end it."""
_leaving: list[Callable[[End], None]] = []


class Interrupted(KeyboardInterrupt):
    """A signal has come. This is a class of its own: after a plain KeyboardInterrupt that passes through
    ``exec`` (as namedtuples and dataclasses use it), Python 3.11 ends by SIGINT although it was caught.
    """

    raised: ClassVar[bool] = False
    """Whether a signal has raised one. Code that it passes through may raise another exception instead:
    Python a RuntimeError in a ``__set_name__``, trio an internal error while it starts.
    """


def raise_on_signals() -> None:
    """Let the first signal raise Interrupted, and a second one end the process at once.

    If Python prints the exception and goes on (in a ``__del__``, a callback of the collector, a hook of
    ``os.fork``), it is raised again a moment later.
    """
    in_hook, again_s = False, _AGAIN_S

    def interrupt(*_: object) -> None:
        nonlocal again_s
        Interrupted.raised = True
        if in_hook:  # an exception in the hook itself is lost; a machine this slow needs longer
            again_s *= 10
            signal.setitimer(signal.ITIMER_REAL, again_s)
            return
        signal.setitimer(signal.ITIMER_REAL, _EFFECT_S)
        raise Interrupted

    def once_more(ignored: "sys.UnraisableHookArgs") -> None:
        nonlocal in_hook
        in_hook = True
        try:
            if _came_of_a_signal(ignored.exc_value):
                signal.setitimer(signal.ITIMER_REAL, again_s)
            else:
                sys.__unraisablehook__(ignored)
        finally:
            in_hook = False

    signal.signal(signal.SIGALRM, interrupt)
    sys.unraisablehook = once_more
    _install(_Handler(interrupt))
    _Handler.has_timer = True


def _came_of_a_signal(error: BaseException | None) -> bool:
    """Whether the error is Interrupted, or was raised because of it."""
    while error is not None and not isinstance(error, Interrupted):
        error = error.__cause__ or error.__context__
    return error is not None


def ignore_signals() -> None:
    """Ignore signals from now on: the exit code is decided, and a signal must not change it."""
    for number in (*ENDING, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)


def leave_soon() -> None:
    """Ignore further signals, and exit with 130 after ``_FLUSH_S`` at the latest. What was printed before
    may wait for the reader of a pipe; whoever has sent the signal must not.
    """
    ignore_signals()
    signal.signal(signal.SIGALRM, lambda *_: leave_at_once())
    signal.setitimer(signal.ITIMER_REAL, _FLUSH_S)


def raise_if_signalled() -> None:
    """Raise Interrupted if a signal has come: for a wait that must not outlast it."""
    if _Handler.called:
        Interrupted.raised = True
        raise Interrupted


@contextmanager
def first_signal_calls(action: Callable[[], None]) -> Iterator[None]:
    """Within the block the first signal calls ``action`` (main thread only); a second one ends the process
    at once.
    """
    before = _install(_Handler(action))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def restored_on_leaving(leave: Callable[[End], None]) -> Iterator[None]:
    """Within the block, ``leave`` is called when the process ends at once. It restores the terminal, later
    if that is not possible at the moment, and then ends the process.
    """
    _leaving.append(leave)
    try:
        yield
    finally:
        _leaving.remove(leave)


def leave_at_once() -> None:
    """Exit with 130 at once. Recorded data is on the disk; children end with this process."""
    if _leaving:
        _leaving[-1](_exit)
    else:
        _exit()


def _exit() -> None:
    os._exit(INTERRUPTED)


_Installed = Callable[[int, FrameType | None], object] | int | None


class _Handler:
    """Acts on the first signal, and ends the process on the second."""

    called: ClassVar[bool] = False
    """Whether a signal has come to any handler."""
    has_timer: ClassVar[bool] = False
    """Whether SIGALRM is this program's, which raises a first signal again if that had no effect."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self._first_s: float | None = None

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        now_s = time.monotonic()
        _Handler.called = True
        if self._first_s is None:
            self._first_s = now_s
            if self.has_timer:
                signal.setitimer(signal.ITIMER_REAL, _EFFECT_S)
            self._action()
        elif now_s - self._first_s > _SAME_S:
            leave_at_once()


def _install(handler: Callable[[int, FrameType | None], object]) -> dict[int, _Installed]:
    before: dict[int, _Installed] = {}
    for number in ENDING:
        found = signal.getsignal(number)
        if number is signal.SIGHUP and found is signal.SIG_IGN:
            continue
        before[number] = signal.SIG_DFL if found is None else found
        signal.signal(number, handler)
    return before
