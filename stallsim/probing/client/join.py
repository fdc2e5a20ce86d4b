"""Joins a client: it connects, completes its opening handshake, and sends its first messages.

A server is ready when this works. A server that has just been started is tried repeatedly, since proxies
and frameworks accept connections before they can serve.
"""

from collections.abc import Callable
from dataclasses import dataclass

import trio

from ...errors import EnvironmentUnfit
from ..address import Address
from ..spec import Target
from .connection import NotReady, OtherProtocol, dial
from .stream_client import HANDSHAKE_S, StreamClient
from .tls_hint import with_tls_hint

_AGAIN_S = 0.1
_LAST_TRY_MIN_S = 1.0
_OTHERS_MAX = 3
"""After this many consecutive answers of another protocol, the server does not merely start up: it speaks
another protocol.
"""


@dataclass(frozen=True)
class Patience:
    """How long a server that is not ready is tried again. Times are those of trio's clock."""

    until_s: float = float("-inf")
    """Until when the server is tried. By default it is tried once: a running server should answer."""
    gone: Callable[[], bool] = lambda: False
    """Returns whether the server's process has ended, so that waiting is useless."""
    waits: Callable[[str], None] = lambda _: None
    """Called with the reason each time the server is not ready."""


async def join(
    target: Target,
    address: Address,
    *,
    rcvbuf: int | None = None,
    maxseg: int | None = None,
    patience: Patience | None = None,
) -> StreamClient:
    """Join a client and return it.

    Raises EnvironmentUnfit if no server answers, StallsimError if the server must not be stalled.
    """
    patience, limit_s, others = patience or Patience(), HANDSHAKE_S, 0
    while True:
        left_s = patience.until_s - trio.current_time()
        try:
            return await _join_once(target, address, rcvbuf, maxseg, _within(limit_s, left_s))
        except EnvironmentUnfit as error:
            others = others + 1 if isinstance(error, OtherProtocol) else 0
            late = trio.current_time() >= patience.until_s or patience.gone() or others == _OTHERS_MAX
            if late or not isinstance(error, NotReady):
                raise await with_tls_hint(error, target, address) from None
            patience.waits(str(error))
        limit_s *= 2  # the server may need longer than that for each of its answers
        await trio.sleep(_AGAIN_S)


def _within(limit_s: float, left_s: float) -> float:
    """Seconds that one attempt may take: at least ``_LAST_TRY_MIN_S``, even if little time is left."""
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
