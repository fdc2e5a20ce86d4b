"""The API's coroutines in asyncio: one line that names the way there."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

import stallsim

URL = "ws://127.0.0.1:1/"


async def _open() -> None:
    async with stallsim.open_stalled(URL):
        pass


async def _watch() -> None:
    async with stallsim.watch(":1"):
        pass


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: stallsim.probe(URL), "probe"),
        (lambda: stallsim.run("stop-reading"), "run"),
        (_open, "open_stalled"),
        (_watch, "watch"),
    ],
)
def test_asyncio_is_told_what_to_call(call: Callable[[], Awaitable[object]], name: str) -> None:
    async def work() -> None:
        await call()

    with pytest.raises(stallsim.StallsimError, match=rf"^{name}: .* call {name}_blocking in a thread"):
        asyncio.run(work())
