"""``stallsim.open_stalled``: a client that does not read, for the length of an ``async with`` block."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Unpack

import trio

from ..errors import StallsimError, UnknownVariant, suggest
from ..interruption import innermost
from ..option_values import Amount, to_bytes, to_bytes_per_s, to_text
from ..probing.address import parse_url
from ..probing.client.join import join
from ..probing.client.reader import Reader
from ..probing.options.target import TargetOptions, target_of
from ..probing.possible import check_possible
from ..probing.stalls import STALLS
from .client import StalledClient
from .in_trio import require_trio
from .queues import open_kernels

_KEYS = TargetOptions.__optional_keys__
_DRIP_BYTES_PER_S = 4096
KNOWN = {name: stall for name, stall in STALLS.items() if not stall.vanishes}
"""A client that vanishes is any of them, and ``abort``."""


@asynccontextmanager
async def open_stalled(
    url: str,
    *,
    stall: str = "stop-reading",
    after: Amount = 0,
    rate: Amount = _DRIP_BYTES_PER_S,
    **options: Unpack[TargetOptions],
) -> AsyncIterator[StalledClient]:
    """Connect to the stream at ``url``, a WebSocket or another protocol, and stop reading (trio).

    ``stall`` is the name of a probe's stall (``stallsim list``), except ``vanishing``, for which ``abort``
    exists. A client that reads slowly reads ``rate`` bytes per second here, since a share of the stream
    would need a baseline. Before it stalls, it reads ``after`` bytes. Buffers and segments are small, so
    that the kernels are full after some hundred kilobytes.

    Raises StallsimError for an invalid request (a URL, a stall, another machine without ``allow_remote``),
    EnvironmentUnfit if the server does not answer.
    """
    require_trio("open_stalled")
    for name in options:
        if name not in _KEYS:
            raise TypeError(f"open_stalled(): unknown option {name!r}{suggest(name, _KEYS)}")
    if to_text("stall", stall) not in KNOWN:
        raise UnknownVariant("stall", stall, KNOWN)
    address, target, kind = parse_url(url), target_of(url, options), KNOWN[stall]
    first_bytes = to_bytes("after", after, least=0)
    rate_per_s = to_bytes_per_s("rate", rate)
    if address.wants_a_port:
        raise StallsimError(f"URL {url!r}: port 0 is not the port of a server; allowed: 1 to 65535")
    check_possible(target, address.protocol, [kind])
    stream_client = await join(target, address, rcvbuf=kind.rcvbuf, maxseg=kind.maxseg)
    try:
        reader = Reader(stream_client, reads=kind.reads_all)
        reader.stall(kind, first_bytes)
        with open_kernels(stream_client) as kernels:
            client = StalledClient(stream_client, reader, kernels, kind)
            try:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(reader.run)
                    if kind.pause_s:
                        nursery.start_soon(reader.pause, kind.pause_s)
                    elif kind.reads_slowly:
                        nursery.start_soon(reader.drip, rate_per_s)
                    yield client
                    nursery.cancel_scope.cancel()
            except BaseExceptionGroup as group:
                _raise_as_it_was(innermost(group))
    finally:
        stream_client.connection.abort()


def _raise_as_it_was(error: BaseException) -> None:
    """The error of the caller's own block, which a nursery has wrapped into a group."""
    context = error.__context__
    try:
        raise error
    finally:
        error.__context__ = context
