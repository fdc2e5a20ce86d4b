"""A probe in a process of its own kind: signals end it cleanly, and the process may change its stack."""

import gc
from collections.abc import Awaitable, Callable

import trio

from ..interruption import run_until_signal
from ..timeline.probed.result import ProbeResult
from ..timeline.records import Record
from ..timeline.timeline import Timeline
from .probe import probe_into
from .spec import ProbeSpec
from .stack import enter_if_wanted

Watcher = Callable[[Timeline], Awaitable[str]]
"""Follows a timeline until its end, or answers ``quit``."""


def run_probe(
    spec: ProbeSpec,
    *,
    watcher: Watcher | None = None,
    listener: Callable[[Record], None] | None = None,
    timeline: Timeline | None = None,
) -> ProbeResult | None:
    """The result; of an interrupted probe it says so, and it is None where nothing could be judged.

    What happens is appended to ``timeline``, for whoever wants to look at it afterwards; recording it is
    up to the caller (``recorded``, entered first: in a private stack, root is nobody in other people's
    folders).
    Raises what ``probe`` raises, and Unavailable where there can be no private stack.
    """
    shown = timeline if timeline is not None else Timeline()
    if listener is not None:
        shown.listen(listener)

    async def work() -> None:
        async with trio.open_nursery() as nursery:
            if watcher is not None:
                nursery.start_soon(watch, watcher, nursery.cancel_scope)
            await probe_into(spec, shown)

    async def watch(watcher: Watcher, probing: trio.CancelScope) -> None:
        if await watcher(shown) == "quit":
            probing.cancel()

    enter_if_wanted(spec)
    gc.freeze()  # else a collection goes through all that was imported: 60 ms in a measurement
    run_until_signal(work)
    return shown.probed.result if shown.probed is not None else None
