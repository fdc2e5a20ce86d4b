"""The lab's two clients as trio's tasks, one of them on trio-websocket: what a tick is measured against.

A run itself has neither: it resumes its clients' coroutines (``runner/lockstep_client.py``). Here each turn
is handed to a task of trio's and back, which is the least that trio can do for two that take turns.
"""

import trio
import trio_websocket
from trio.lowlevel import Abort, Task, current_task, reschedule, wait_task_rescheduled

from stallsim.clients import Client, ClientEnd
from stallsim.runner.lockstep_turns import LockstepTurns
from stallsim.runner.realtime_client import RealtimeClient
from stallsim.runner.running_client import RunningClient
from stallsim.units import FRAME_MAX

_RECEIVE_BYTES = 65536


class TrioTurns(LockstepTurns):
    """Turns for tasks: ``hand`` wakes every task of a client, one after the other, until it waits again."""

    def __init__(self, tick_s: float) -> None:
        super().__init__(tick_s)
        self._waiting: dict[ClientEnd, list[Task]] = {}
        self._held: set[ClientEnd] = set()
        self._driver: Task | None = None

    def scope(self) -> trio.CancelScope:  # type: ignore[override]  # a task's is trio's own
        return trio.CancelScope()

    def begin(self, client: Client, end: ClientEnd, nursery: trio.Nursery) -> RunningClient:
        running = RealtimeClient(client, end)
        nursery.start_soon(running.live)
        return running

    def hold(self, end: ClientEnd) -> None:
        self._held.add(end)

    async def next(self, end: ClientEnd) -> None:  # type: ignore[override]
        if end not in self._held:
            await trio.lowlevel.wait_readable(end.sock)
            return
        await self.at(end, 0)

    async def at(self, end: ClientEnd, tick: int) -> None:  # type: ignore[override]
        task = current_task()
        self._waiting.setdefault(end, []).append(task)
        if self._driver is not None:
            driver, self._driver = self._driver, None
            reschedule(driver)

        def abort(_: object) -> Abort:
            self._waiting[end].remove(task)
            return Abort.SUCCEEDED

        await wait_task_rescheduled(abort)

    async def hand(self, end: ClientEnd) -> None:
        """One turn of that client."""
        for task in [*self._waiting.get(end, ())]:
            self._waiting[end].remove(task)
            self._driver = current_task()
            reschedule(task)
            await wait_task_rescheduled(lambda _: Abort.FAILED)


class OnTrioWebsocket(Client, frozen=True):
    """Reads everything as it comes, through trio-websocket."""

    async def behave(self, end: ClientEnd) -> None:
        host, port = end.address
        async with trio.open_nursery() as nursery:
            websocket = await trio_websocket.wrap_client_stream(
                nursery,
                _EndStream(end),  # type: ignore[arg-type]  # its docstring says: any trio stream
                f"{host}:{port}",
                "/",
                receive_buffer_size=_RECEIVE_BYTES,
                max_message_size=FRAME_MAX,
            )
            end.open()
            while True:
                message = await websocket.get_message()
                end.received(message.encode() if isinstance(message, str) else message)


class _EndStream(trio.abc.Stream):
    """A ClientEnd as the stream that trio-websocket reads."""

    def __init__(self, end: ClientEnd) -> None:
        self._end = end

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        while (data := self._end.recv(max_bytes or _RECEIVE_BYTES)) is None:
            await self._end.turn()
        return data

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await self._end.send(bytes(data))

    async def wait_send_all_might_not_block(self) -> None:
        await trio.lowlevel.checkpoint()

    async def aclose(self) -> None:
        self._end.close()
