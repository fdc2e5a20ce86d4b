"""SIGINT, SIGTERM and SIGHUP end a run cleanly: by cancellation, at a checkpoint, never in between."""

import threading
from collections.abc import Awaitable, Callable

import trio

from .signals import first_signal_calls


async def until_signal(work: Callable[[], Awaitable[None]]) -> bool:
    """Await ``work``; True where a signal cut it short. Outside the main thread: no signals.

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
    """The one error in a nursery's group, or the group itself where there are several."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
