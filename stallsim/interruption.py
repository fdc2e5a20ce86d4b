"""SIGINT, SIGTERM and SIGHUP end a run cleanly: by cancellation, at a checkpoint, never in between."""

import sys
import threading
import warnings
from collections.abc import Awaitable, Callable, Iterator

import trio

from .errors import StallsimError, refusal
from .signals import first_signal_calls


def run_until_signal(work: Callable[[], Awaitable[None]]) -> bool:
    """Run ``work`` in an event loop of its own; return whether a signal interrupted it.

    If ``work`` raises a group of errors, the one that ``innermost`` selects is raised.
    """
    try:
        return trio.run(until_signal, work)
    except BaseExceptionGroup as group:
        raise innermost(group) from None
    except (trio.TrioInternalError, OSError) as error:
        # What the system refuses to the event loop itself (epoll, its socket pair) leaves it and its tasks
        # unfinished, of which Python and trio would complain when they are collected.
        warnings.filterwarnings("ignore", "Trio guest run got abandoned", RuntimeWarning)
        sys.unraisablehook = lambda _: None
        if (refused := _refused(error)) not in (None, error):
            raise refused from None
        raise


async def until_signal(work: Callable[[], Awaitable[None]]) -> bool:
    """Await ``work``; return whether a signal interrupted it. Outside the main thread there are no
    signals.

    A second signal does not wait for the work's end: the process exits with 130.
    """
    if threading.current_thread() is not threading.main_thread():
        await work()
        return False
    token = trio.lowlevel.current_trio_token()
    with trio.CancelScope() as scope, first_signal_calls(lambda: token.run_sync_soon(scope.cancel)):
        await work()
    return scope.cancelled_caught


def innermost(error: BaseException) -> BaseException:
    """The error to report for a nursery's group: its only one, or the first if each of them is one line.

    For a group of several other errors this is the group itself.
    """
    errors = list(_leaves(error))
    one_line_each = all(isinstance(one, StallsimError) or refusal(one) for one in errors)
    return errors[0] if one_line_each or len(errors) == 1 else error


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _leaves(one)
    else:
        yield error


def _refused(error: BaseException | None) -> BaseException | None:
    """The error, or the first one behind it, that the system's refusal has caused."""
    while error is not None:
        for leaf in _leaves(error):
            if refusal(leaf):
                return leaf
        error = error.__cause__ or error.__context__
    return None
