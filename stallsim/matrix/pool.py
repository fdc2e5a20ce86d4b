"""Cells in processes of their own: so many at once, and none of them left when this is over."""

import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from subprocess import PIPE

import msgspec
import trio

from .cell import Cell
from .run import Result, Status

_WORKER = f"{__package__}.worker"
_Cells = trio.MemoryReceiveChannel[Cell]


async def perform(cells: Sequence[Cell], at_once: int, done: Callable[[Result], None]) -> None:
    """Run every cell, ``at_once`` at a time, in their order; ``done`` hears each result."""
    send, receive = trio.open_memory_channel[Cell](len(cells))
    with send, receive:
        for cell in cells:
            send.send_nowait(cell)
        send.close()
        async with trio.open_nursery() as nursery:
            for _ in range(min(at_once, len(cells))):
                nursery.start_soon(_work, receive.clone(), done)


async def _work(cells: _Cells, done: Callable[[Result], None]) -> None:
    """One slot: a worker, and another one should it break."""
    with cells:
        while await _employ(cells, done):
            pass


async def _employ(cells: _Cells, done: Callable[[Result], None]) -> bool:
    """Give a worker one cell after the other; True where it broke, and there may be more."""
    process = await trio.lowlevel.open_process(
        [sys.executable, "-m", _WORKER], stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    assert process.stdin is not None, "a pipe"
    assert process.stdout is not None, "a pipe"
    answers = _lines(process.stdout)
    try:
        async for cell in cells:
            try:
                await process.stdin.send_all(msgspec.json.encode(cell) + b"\n")
                answer = await anext(answers)
            except (trio.BrokenResourceError, StopAsyncIteration):
                done(Result(cell=cell, status=Status.UNSOUND, reason="the worker's process broke"))
                return True
            done(msgspec.json.decode(answer, type=Result))
        return False
    finally:
        # in a session of its own, with the cell that it may be running
        os.killpg(process.pid, signal.SIGKILL)
        with trio.CancelScope(shield=True):
            await process.wait()
        await answers.aclose()


async def _lines(stream: trio.abc.ReceiveStream) -> AsyncGenerator[bytes, None]:
    pending = b""
    async for data in stream:
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            yield line
