"""``stallsim.open_stalled_blocking``: a stalled client for any thread; a thread of its own runs trio."""

from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple, TypeVar, Unpack

import trio

from ..errors import OutOfTime, StallsimError
from ..option_values import Amount, Time, to_seconds
from ..probing.client.ended import Ended
from ..probing.options.messages import Content
from ..probing.options.target import TargetOptions
from ..units import format_seconds
from .client import StalledClient
from .queues import Queues
from .stalled import open_stalled

_T = TypeVar("_T")
_BEGINS_S = 5.0
"""Seconds within which the client's thread runs, if it was started at all."""


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
        """Bytes that the client has read since the opening handshake; with TLS, after decryption."""
        return self._client.read_bytes

    @property
    def messages(self) -> int:
        """The number of whole messages that the client has read."""
        return self._client.messages

    @property
    def ended(self) -> Ended | None:
        """How the connection ended, as far as this client has read; None if it goes on."""
        return self._client.ended

    def queues(self) -> Queues:
        """Both kernels' queues, read now."""
        return self._run_sync(self._client.queues)

    def wait_stalled(self, timeout: Time | None = None) -> Queues:
        """Return when the kernel confirms the stall. Raises OutOfTime; StallsimError if it never can."""
        return self._wait(self._client.wait_stalled, timeout, "the kernel did not confirm a stall")

    def wake(self) -> None:
        """Read everything from now on, and answer Pings."""
        self._run_sync(self._client.wake)

    def stall(self) -> None:
        """Stop reading (again), once the read that is under way is over."""
        self._run_sync(self._client.stall)

    def wait_messages(self, count: int, timeout: Time | None = None) -> int:
        """Return once ``count`` messages have been read, or the connection has ended. Raises OutOfTime."""

        async def wait() -> int:
            return await self._client.wait_messages(count)

        return self._wait(wait, timeout, f"not {count} messages")

    def wait_ended(self, timeout: Time | None = None) -> Ended:
        """Return when this client has read to the end of the connection. Raises OutOfTime."""
        return self._wait(self._client.wait_ended, timeout, "the connection did not end")

    def send(self, message: Content) -> None:
        """A text message to the server, or a binary one. Raises StallsimError after its end."""
        self._run(self._client.send, message)

    def abort(self) -> None:
        """Be gone with RST, at once."""
        self._run_sync(self._client.abort)

    def _run_sync(self, work: Callable[..., _T], *arguments: object) -> _T:
        try:
            return trio.from_thread.run_sync(work, *arguments, trio_token=self._token)
        except trio.RunFinishedError:
            raise _over() from None

    def _run(self, work: Callable[..., Awaitable[_T]], *arguments: object) -> _T:
        try:
            return trio.from_thread.run(work, *arguments, trio_token=self._token)
        except trio.RunFinishedError:
            raise _over() from None

    def _wait(self, wait: Callable[[], Awaitable[_T]], timeout: Time | None, what: str) -> _T:
        limit_s = float("inf") if timeout is None else to_seconds("timeout", timeout)

        async def bounded() -> _T:
            with trio.move_on_after(limit_s):
                return await wait()
            raise OutOfTime(f"{what} within {format_seconds(limit_s)}")

        return self._run(bounded)


def _over() -> StallsimError:
    return StallsimError("this client is closed, because its with block has ended")


@contextmanager
def open_stalled_blocking(
    url: str,
    *,
    stall: str = "stop-reading",
    after: Amount = 0,
    rate: Amount = 4096,
    **options: Unpack[TargetOptions],
) -> Iterator[BlockingClient]:
    """``open_stalled`` for any thread, run in a thread of its own; raises the same errors."""
    if trio.lowlevel.in_trio_run():
        raise StallsimError(
            "open_stalled_blocking would block the trio program that runs in this thread: use "
            "`async with open_stalled(...)` here"
        )
    opened: Future[_Opened] = Future()
    scope = trio.CancelScope()
    tokens: SimpleQueue[trio.lowlevel.TrioToken] = SimpleQueue()

    async def live() -> None:
        tokens.put(trio.lowlevel.current_trio_token())
        with scope:
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

    def leave() -> None:
        """Wherever Ctrl-C has come: the thread is waited for below, and must not wait for us."""
        with suppress(trio.RunFinishedError, Empty):
            token = tokens.get(timeout=_BEGINS_S)
            if opened.done() and opened.exception() is None:
                token.run_sync_soon(opened.result().leave.set)
            else:
                token.run_sync_soon(scope.cancel)

    with ThreadPoolExecutor(1, "stallsim") as executor:
        life: Future[None] | None = None
        try:
            life = executor.submit(run)
            yield BlockingClient(opened.result())
        finally:
            leave()
            if life is not None:
                life.result()
