"""Waits for a probe's process in the event loop of a test."""

import asyncio

import msgspec
import trio

from ..helper import ask
from ..probing.probe import probe_blocking
from ..probing.spec import ProbeSpec
from ..timeline.probed.result import ProbeResult


def runs_here() -> bool:
    """Whether this thread runs an event loop, which a call that blocks would hold up."""
    if trio.lowlevel.in_trio_run():
        return True
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def probed(spec: ProbeSpec) -> ProbeResult:
    """The probe's result. Raises what ``probe`` raises. If cancelled, the probe ends (trio) or goes on
    (asyncio).
    """
    if trio.lowlevel.in_trio_task():
        answer = await ask("stallsim.probing.worker", msgspec.json.encode(spec))
        return msgspec.json.decode(answer, type=ProbeResult)
    return await asyncio.to_thread(probe_blocking, spec)
