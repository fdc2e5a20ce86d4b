"""SIGINT, SIGTERM and SIGHUP end a run cleanly: by cancellation, at a checkpoint, never in between."""

import signal
import threading
from collections.abc import Awaitable, Callable

import trio


async def until_signal(work: Callable[[], Awaitable[None]]) -> bool:
    """Await ``work``; True where a signal cut it short. Outside the main thread: no signals."""
    if threading.current_thread() is not threading.main_thread():
        await work()
        return False
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as signals:
        async with trio.open_nursery() as nursery:

            async def watch() -> None:
                await anext(aiter(signals))
                nursery.cancel_scope.cancel()

            nursery.start_soon(watch)
            await work()
            nursery.cancel_scope.cancel()
            return False
    return True


def innermost(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one error in a nursery's group, or the group itself where there are several."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
