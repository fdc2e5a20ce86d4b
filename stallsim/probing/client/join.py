"""A client that has joined: connected, its opening handshake complete, and all said that has to be said.

A server is ready when that works. One that has just been started is asked again until then: proxies and
frameworks listen before they can serve.
"""

from collections.abc import Callable
from dataclasses import dataclass

import trio

from ..address import Address
from ..spec import Target
from .connection import NotReady, dial
from .stream_client import HANDSHAKE_S, StreamClient

_AGAIN_S = 0.1
_LAST_TRY_MIN_S = 1.0


@dataclass(frozen=True)
class Patience:
    """How long a server that is not ready is asked again. Times are trio's clock."""

    until_s: float = float("-inf")
    """Not at all by default: a server that runs already should answer."""
    gone: Callable[[], bool] = lambda: False
    """Whether the server has ended: then nothing is to be waited for."""
    waits: Callable[[str], None] = lambda _: None
    """Is given the reason, each time."""


async def join(
    target: Target,
    address: Address,
    *,
    rcvbuf: int | None = None,
    maxseg: int | None = None,
    patience: Patience | None = None,
) -> StreamClient:
    """Raises EnvironmentUnfit where the server does not answer, StallsimError where it may not be asked."""
    patience, limit_s = patience or Patience(), HANDSHAKE_S
    while True:
        left_s = patience.until_s - trio.current_time()
        try:
            return await _join_once(target, address, rcvbuf, maxseg, _within(limit_s, left_s))
        except NotReady as error:
            if trio.current_time() >= patience.until_s or patience.gone():
                raise
            patience.waits(str(error))
        limit_s *= 2  # a server may also take long for an answer each time
        await trio.sleep(_AGAIN_S)


def _within(limit_s: float, left_s: float) -> float:
    """A try is not cut shorter than a server needs that answers at once."""
    return HANDSHAKE_S if left_s < 0 else min(limit_s, max(_LAST_TRY_MIN_S, left_s))


async def _join_once(
    target: Target, address: Address, rcvbuf: int | None, maxseg: int | None, limit_s: float
) -> StreamClient:
    connection = await dial(target, address, rcvbuf, maxseg)
    try:
        client = StreamClient(connection, target, address, trio.current_time)
        await client.open(limit_s)
    except BaseException:
        connection.abort()
        raise
    return client
