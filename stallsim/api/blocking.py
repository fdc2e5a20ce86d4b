"""``stallsim.open_stalled_blocking``: the same client for any thread; its own thread runs trio."""

from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple, TypeVar, Unpack

import trio

from ..errors import OutOfTime
from ..probing.client.ended import Ended
from ..units import format_seconds
from .client import StalledClient
from .messages import Content
from .options import TargetOptions
from .queues import Queues
from .stalled import open_stalled
from .written import Amount, Time, to_seconds

_T = TypeVar("_T")


class _Opened(NamedTuple):
    client: StalledClient
    token: trio.lowlevel.TrioToken
    leave: trio.Event


class BlockingClient:
    """A ``StalledClient`` whose methods may be called from any thread that runs no trio."""

    def __init__(self, opened: _Opened) -> None:
        self._client, self._token, _ = opened

    @property
    def read_bytes(self) -> int:
        """What it has read since the opening handshake; with TLS, decrypted."""
        return self._client.read_bytes

    @property
    def messages(self) -> int:
        """How many whole messages it has read."""
        return self._client.messages

    @property
    def ended(self) -> Ended | None:
        """How the connection ended, as far as this client has read; None: it goes on."""
        return self._client.ended

    def queues(self) -> Queues:
        """Both kernels' queues, read now."""
        return trio.from_thread.run_sync(self._client.queues, trio_token=self._token)

    def wait_stalled(self, timeout: Time | None = None) -> Queues:
        """Return when the kernel confirms it. Raises OutOfTime; StallsimError where it never will be."""
        return self._wait(self._client.wait_stalled, timeout, "the kernel did not confirm a stall")

    def wake(self) -> None:
        """Read everything from now on, and answer Pings."""
        trio.from_thread.run_sync(self._client.wake, trio_token=self._token)

    def stall(self) -> None:
        """Stop reading (again), once the read that is under way is over."""
        trio.from_thread.run_sync(self._client.stall, trio_token=self._token)

    def wait_messages(self, count: int, timeout: Time | None = None) -> int:
        """Return once so many have been read, or the connection has ended. Raises OutOfTime."""

        async def wait() -> int:
            return await self._client.wait_messages(count)

        return self._wait(wait, timeout, f"not {count} messages")

    def wait_ended(self, timeout: Time | None = None) -> Ended:
        """Return when this client has read to the end of the connection. Raises OutOfTime."""
        return self._wait(self._client.wait_ended, timeout, "the connection did not end")

    def send(self, message: Content) -> None:
        """A text message to the server, or a binary one."""
        trio.from_thread.run(self._client.send, message, trio_token=self._token)

    def abort(self) -> None:
        """Be gone with RST, at once."""
        trio.from_thread.run_sync(self._client.abort, trio_token=self._token)

    def _wait(self, wait: Callable[[], Awaitable[_T]], timeout: Time | None, what: str) -> _T:
        limit_s = float("inf") if timeout is None else to_seconds("timeout", timeout)

        async def bounded() -> _T:
            with trio.move_on_after(limit_s):
                return await wait()
            raise OutOfTime(f"{what} within {format_seconds(limit_s)}")

        return trio.from_thread.run(bounded, trio_token=self._token)


@contextmanager
def open_stalled_blocking(
    url: str,
    *,
    stall: str = "stop-reading",
    after: Amount = 0,
    rate: Amount = 4096,
    **options: Unpack[TargetOptions],
) -> Iterator[BlockingClient]:
    """``open_stalled`` for any thread, in a thread of its own; raises the same."""
    opened: Future[_Opened] = Future()

    async def live() -> None:
        async with open_stalled(url, stall=stall, after=after, rate=rate, **options) as client:
            leave = trio.Event()
            opened.set_result(_Opened(client, trio.lowlevel.current_trio_token(), leave))
            await leave.wait()

    def run() -> None:
        try:
            trio.run(live)
        except BaseException as error:
            if opened.done():
                raise
            opened.set_exception(error)

    with ThreadPoolExecutor(1, "stallsim") as executor:
        life = executor.submit(run)
        _, token, leave = ours = opened.result()
        try:
            yield BlockingClient(ours)
        finally:
            if not life.done():
                trio.from_thread.run_sync(leave.set, trio_token=token)
            life.result()
