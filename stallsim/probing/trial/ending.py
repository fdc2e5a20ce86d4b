"""Functions of the state after a stall: how a connection ended, and how many bytes had waited."""

from ...timeline.outside import Look
from ...timeline.probed.comparison import Comparison
from ...timeline.probed.stall_record import ServerEnding
from ..client.message_log import MessageLog
from ..client.stream_client import StreamClient
from ..observe.observer import StallObserver

_NOTABLE_BYTES = 65536


def has_ended(stream_client: StreamClient, observer: StallObserver) -> bool:
    """Whether the server has ended the stalled client's connection, as seen in a kernel or
    by the client.
    """
    return observer.server_closes or stream_client.ended is not None


def end_of(stream_client: StreamClient, closed_after: float | None) -> ServerEnding | None:
    """How the server ended the connection; None if it did not."""
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
    """The number of messages so far, including an incomplete one, and of chunks."""
    return log.messages + (log.unfinished_bytes > 0), len(log.chunks.digests)


def joining_bytes_of(compared: Comparison, first: Look) -> int:
    """Bytes that the server held for the stalled client when the stall began, beyond those in both
    kernels: the rest of what it sends on joining. 0 if that is not known, or if it is little.
    """
    if compared.owed_bytes is None:
        return 0
    return waited_on_joining(compared.owed_bytes - first.received_bytes - (first.outq_bytes or 0))


def waited_on_joining(over_bytes: int) -> int:
    """``over_bytes``, the client's bytes beyond its stream, if they are more than a momentary difference;
    else 0.
    """
    return over_bytes if over_bytes > _NOTABLE_BYTES else 0
