"""Small questions to what a trial has left: its samples, a websocket's end, the times of Pings."""

from ...timeline.outside import Look
from ..client.message_log import MessageLog
from ..client.stream_client import StreamClient
from ..compare.comparison import Comparison
from ..observe.observation import ServerEnding
from ..observe.observer import StallObserver

_NOTABLE_BYTES = 65536


def has_ended(stream_client: StreamClient, observer: StallObserver) -> bool:
    """Whether the server has ended the stalled client's connection, by what either kernel or it says."""
    return observer.server_closes or stream_client.ended is not None


def end_of(stream_client: StreamClient, closed_after: float | None) -> ServerEnding | None:
    """How the server ended it, if it did."""
    ended = stream_client.ended
    if ended is None:
        return None if closed_after is None else ServerEnding(decided_after_s=closed_after, how="state")
    return ServerEnding(decided_after_s=closed_after, how=ended.how, code=ended.code, reason=ended.reason)


def counts_of(log: MessageLog) -> tuple[int, int]:
    """How much has come by now: messages, with the one that has begun, and chunks of bytes."""
    return log.messages + (log.fed_bytes > log.payload_bytes), len(log.chunks.digests)


def joining_bytes_of(compared: Comparison, first: Look) -> int:
    """What the server held for the stalled client, beyond both kernels, when the stall began: the rest of
    what is sent on joining. 0 where that is not known, and where it is little.
    """
    if compared.owed_bytes is None:
        return 0
    over = compared.owed_bytes - first.received_bytes - (first.outq_bytes or 0)
    return over if over > _NOTABLE_BYTES else 0
