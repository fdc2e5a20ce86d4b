"""What the server of a run does, in words."""

from typing import assert_never

from ...timeline.events.server import (
    Aborted,
    CloseReceived,
    CloseWanted,
    Ended,
    GuardActed,
    MemoryCeiling,
    PongLate,
    PongMissing,
    ProducerWaits,
    ProtocolError,
    ServerEvent,
)
from ...units import format_count, format_seconds
from .wording import number_of, safe


def server_event_words(what: ServerEvent) -> str:
    """What happened, as one sentence without its full stop."""
    n = format_count
    match what:
        case ProducerWaits():
            return f"the policy makes the producer wait at {n(what.queue_bytes)} bytes queued"
        case PongMissing():
            return f"Ping {n(what.ping)} has no Pong, and the next Ping is due"
        case PongLate():
            late = f"{number_of(what.pongs, 'Pong')} came late"
            return f"{late}; the oldest Ping was answered after {format_seconds(what.after_s)}"
        case ProtocolError():
            return f"the peer violated the protocol: {safe(what.error)}"
        case CloseWanted():
            return f"the server begins to close; {n(what.queue_bytes)} bytes are queued before its Close"
        case GuardActed():
            queued = f"{n(what.queue_bytes)} bytes are queued"
            return f"the time limit of {safe(what.guard)} is over; {queued}"
        case CloseReceived():
            reason = f'"{safe(what.reason)}"' if what.reason else "no close reason"
            return f"status code {what.code}, {reason}"
        case Aborted():
            return f"the server aborts the connection with {n(what.queue_bytes)} bytes queued"
        case Ended():
            error = f" ({safe(what.error)})" if what.error else ""
            return f"{safe(what.how)}{error}"
        case MemoryCeiling():
            return f"{n(what.queue_bytes)} bytes in the application queues: the run ends (memory ceiling)"
        case _:
            assert_never(what)
