"""What the server of a run does."""

from .body import EventBody


class ProducerWaits(EventBody, frozen=True, kw_only=True):
    """The policy makes the producer wait."""

    queue_bytes: int


class PongMissing(EventBody, frozen=True, kw_only=True):
    """The next Ping is due, and this one is not answered."""

    ping: int


class PongLate(EventBody, frozen=True, kw_only=True):
    """Late answers to Pings have come."""

    pongs: int
    after_s: float
    """Seconds that the oldest of these Pings waited."""


class ProtocolError(EventBody, frozen=True, kw_only=True):
    """The peer broke the protocol."""

    code: int
    error: str


class CloseWanted(EventBody, frozen=True, kw_only=True):
    """The server has decided to close; its Close waits behind what is queued."""

    code: int
    queue_bytes: int


class GuardActed(EventBody, frozen=True, kw_only=True):
    """A guard's time ran out, so the server has decided to end the connection."""

    guard: str
    queue_bytes: int


class CloseReceived(EventBody, frozen=True, kw_only=True):
    """The client has sent a Close frame."""

    code: int
    reason: str


class Aborted(EventBody, frozen=True, kw_only=True):
    """The server aborts the client's connection."""

    queue_bytes: int


class Ended(EventBody, frozen=True, kw_only=True):
    """The server has released the connection and everything that it held for it."""

    how: str
    error: str


class MemoryCeiling(EventBody, frozen=True, kw_only=True):
    """The application queues hold more than the run allows, so the run ends here."""

    queue_bytes: int


ServerEvent = (
    ProducerWaits | PongMissing | PongLate | ProtocolError | CloseWanted | GuardActed | CloseReceived
    | Aborted | Ended | MemoryCeiling
)  # fmt: skip
