"""Runs a probe in this process: signals end it cleanly, and the process may enter a private
network stack.
"""

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
"""Follows a timeline until its end; returns ``quit`` if the user ends the probe."""


def run_probe(
    spec: ProbeSpec,
    *,
    watcher: Watcher | None = None,
    listener: Callable[[Record], None] | None = None,
    timeline: Timeline | None = None,
) -> ProbeResult | None:
    """The result, which states whether the probe was interrupted; None if nothing could be judged.

    The probe's records are appended to ``timeline``. The caller writes them to a file (``recorded``),
    which it must open before this call: in a private stack, root has no rights in other users' folders.

    Raises what ``probe`` raises, and Unavailable if a private stack is not possible.
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
    gc.freeze()  # otherwise a collection examines all imported modules: 60 ms in a measurement
    run_until_signal(work)
    return shown.probed.result if shown.probed is not None else None
