"""Small functions over what a stall leaves: its samples, how a stream ended, and the times of the server's
Pings.
"""

from ...timeline.outside import Look
from ...timeline.probed.comparison import Comparison
from ...timeline.probed.stall_record import ServerEnding
from ..client.message_log import MessageLog
from ..client.stream_client import StreamClient
from ..observe.observer import StallObserver

_NOTABLE_BYTES = 65536


def has_ended(stream_client: StreamClient, observer: StallObserver) -> bool:
    """Whether the server has ended the stalled client's connection, by either kernel or the client."""
    return observer.server_closes or stream_client.ended is not None


def end_of(stream_client: StreamClient, closed_after: float | None) -> ServerEnding | None:
    """How the server ended it, if it did."""
    ended = stream_client.ended
    if ended is None:
        return None if closed_after is None else ServerEnding(decided_after_s=closed_after, how="state")
    return ServerEnding(
        decided_after_s=closed_after,
        how=ended.how,
        code=ended.code,
        reason=ended.reason,
        cut_short=ended.how == "fin" and stream_client.log.unfinished_bytes > 0,
    )


def counts_of(log: MessageLog) -> tuple[int, int]:
    """How much has come by now: messages, including one that is incomplete, and chunks of bytes."""
    return log.messages + (log.unfinished_bytes > 0), len(log.chunks.digests)


def joining_bytes_of(compared: Comparison, first: Look) -> int:
    """Bytes that the server held for the stalled client when the stall began, beyond those in both kernels:
    the rest of what it sends on joining. 0 where that is not known, and where it is little.
    """
    if compared.owed_bytes is None:
        return 0
    return waited_on_joining(compared.owed_bytes - first.received_bytes - (first.outq_bytes or 0))


def waited_on_joining(over_bytes: int) -> int:
    """What the client received beyond its stream, where it is more than a moment's difference."""
    return over_bytes if over_bytes > _NOTABLE_BYTES else 0
