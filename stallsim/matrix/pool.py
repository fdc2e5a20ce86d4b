"""Runs cells in worker processes, a limited number at a time, and leaves no process behind."""

import os
import signal
from collections.abc import AsyncGenerator, Callable, Sequence
from subprocess import PIPE, Popen

import msgspec
import trio

from ..children.isolated import python_words
from .cell import Cell
from .run import CellRun, CellStatus

_WORKER = f"{__package__}.worker"
_Cells = trio.MemoryReceiveChannel[Cell]


async def run_pool(cells: Sequence[Cell], at_once: int, done: Callable[[CellRun], None]) -> None:
    """Run every cell in order, ``at_once`` at a time; ``done`` is called with each result."""
    send, receive = trio.open_memory_channel[Cell](len(cells))
    with send, receive:
        for cell in cells:
            send.send_nowait(cell)
        send.close()
        async with trio.open_nursery() as nursery:
            for _ in range(min(at_once, len(cells))):
                nursery.start_soon(_work, receive.clone(), done)


async def _work(cells: _Cells, done: Callable[[CellRun], None]) -> None:
    """One slot: a worker, and another one if it breaks."""
    with cells:
        while await _employ(cells, done):
            pass


async def _employ(cells: _Cells, done: Callable[[CellRun], None]) -> bool:
    """Give a worker one cell after the other; return True if it broke and cells may be left."""
    # Not started by trio, which starts processes in a thread whose end would end the worker.
    process = Popen(python_words(_WORKER), stdin=PIPE, stdout=PIPE, start_new_session=True)  # noqa: ASYNC220
    assert process.stdin is not None, "a pipe"
    assert process.stdout is not None, "a pipe"
    asking, answering = (
        trio.lowlevel.FdStream(os.dup(pipe.fileno())) for pipe in (process.stdin, process.stdout)
    )
    process.stdin.close()
    process.stdout.close()
    answers = _lines(answering)
    try:
        async for cell in cells:
            try:
                await asking.send_all(msgspec.json.encode(cell) + b"\n")
                answer = await anext(answers)
            except (trio.BrokenResourceError, StopAsyncIteration):
                reason = f"the process of this cell, {process.pid}, was killed"
                done(CellRun(cell=cell, status=CellStatus.NOT_RUN, reason=reason))
                return True
            done(msgspec.json.decode(answer, type=CellRun))
        return False
    finally:
        # The worker has a session of its own, which contains the cell that it may be running.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        await answers.aclose()
        asking.close()
        answering.close()


async def _lines(stream: trio.abc.ReceiveStream) -> AsyncGenerator[bytes, None]:
    pending = b""
    async for data in stream:
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            yield line
