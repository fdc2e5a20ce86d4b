"""The API's coroutines are trio's; what another event loop is told."""

import trio

from ..errors import StallsimError


def require_trio(name: str) -> None:
    """Raises StallsimError unless trio runs here. Asyncio, too, awaits such a coroutine, and trio's own
    error does not say what to do instead.
    """
    if not trio.lowlevel.in_trio_run():
        raise StallsimError(
            f"{name}: only a trio program can await it; in asyncio, call {name}_blocking in a thread "
            "(asyncio.to_thread)"
        )
