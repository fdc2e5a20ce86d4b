"""A third client that behaves as a browser: it reads everything, answers each Ping, and sends nothing
else.

The witness sends Pings, which may hide that the server ends a client that sends nothing for some time.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio

from ...errors import EnvironmentUnfit
from ...timeline.probed.measures import Cut, Healthy
from ..client.ended import Ended
from ..client.reader import Reader
from ..client.stream_client import StreamClient
from ..observe.own_lag import OwnLag
from .joining import Joining

_JOINED_MIN_S = 1.0
"""Seconds. A client that is ended sooner may have been one client too many, not one that was silent too
long.
"""


@asynccontextmanager
async def silent_control(
    joining: Joining, nursery: trio.Nursery, own_lag: OwnLag, *, wanted: bool
) -> AsyncIterator[StreamClient | None]:
    """The third client, which reads; None if it is not wanted, or if the server accepts
    only two clients.
    """
    if not wanted:
        yield None
        return
    try:
        stream_client = await joining.connect()
    except EnvironmentUnfit:
        yield None
        return
    stream_client.log.only_counts()
    try:
        nursery.start_soon(Reader(stream_client).run)
        own_lag.reads_everything(stream_client.connection)
        yield stream_client
    finally:
        stream_client.connection.abort()


def cuts_of(
    witness: StreamClient, control: StreamClient | None, others_joined_s: float, own_lag: OwnLag
) -> tuple[Cut, ...]:
    """The clients that read everything and that the server has ended."""
    cuts = []
    if (ended := _by_the_server(witness)) is not None:
        cuts.append(_cut(Healthy.WITNESS, witness, ended, own_lag, alone=ended.at < others_joined_s))
    if control is not None and (ended := _by_the_server(control)) is not None:
        cut = _cut(Healthy.SILENT_CONTROL, control, ended, own_lag)
        if cut.after_s >= _JOINED_MIN_S:
            cuts.append(cut)
    return tuple(cuts)


def cut_before_its_stall(client: StreamClient, own_lag: OwnLag) -> tuple[Cut, ...]:
    """The client that was to stall, if the server has ended it while it read everything."""
    ended = _by_the_server(client)
    return () if ended is None else (_cut(Healthy.BEFORE_ITS_STALL, client, ended, own_lag),)


def _by_the_server(stream_client: StreamClient) -> Ended | None:
    """How the server ended the client; None if it did not. This program itself ends a client whose frames
    are invalid.
    """
    ended = stream_client.ended
    return None if ended is None or ended.how == "protocol-error" else ended


def _cut(
    who: Healthy, stream_client: StreamClient, ended: Ended, own_lag: OwnLag, *, alone: bool = False
) -> Cut:
    after_s = ended.at - stream_client.joined_s
    return Cut(
        who=who,
        alone=alone,
        after_s=round(after_s, 3),
        how=ended.how,
        code=ended.code,
        reason=ended.reason,
        own_lag_s=round(own_lag.before(ended.at), 3),
        unread_bytes=own_lag.unread_before(stream_client.connection, ended.at),
        bytes_per_s=round(stream_client.taken_bytes / max(after_s, _JOINED_MIN_S), 1),
    )
