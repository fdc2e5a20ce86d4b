"""What comes of laying the stalled client's messages beside those of the witness, as data."""

from enum import Enum

from msgspec import Struct

from ..outcomes import Dropped


class ComparedBy(Enum):
    """By what the two streams could be compared."""

    SHARED = "the same messages"
    BYTES = "the same bytes in other frames"
    ALIKE = "messages that differ only in what names the client"
    NUMBERED = "a running number in the messages"
    COUNTED = "counts of messages"


class Comparison(Struct, frozen=True, kw_only=True):
    """Lags are in messages of the witness, in excess of the lag when the stall began."""

    kind: ComparedBy
    distinct: bool
    """Whether the witness's messages can be told from each other."""
    own: bool
    """Each client's stream is made for it alone, though of the same messages: both began with the first."""
    draining: bool
    """When the watch ended, the stalled client was still given more than the witness."""
    lag_wake: int
    """At the wake: what the witness had read and the other had not."""
    lag_end: int
    """When the watch ended; what is missing for good is not in it."""
    missing: int | None
    """Messages that were passed over, from the stall on; None: cannot be known."""
    missing_usual: float
    """The share that is missing where no stall can be the reason: a rate limiter, a lossy stream."""
    dropped: Dropped | None
    notices: int
    """What only the stalled client was given, after the wake; 0 where that cannot be known."""
    message_bytes: float
    """The mean size of the witness's messages since the stall began."""
    joining_bytes: int | None = None
    """Payload that the stalled client was given before the first message that both were given: what it was
    sent on joining. None: not known."""
    owed_bytes: int | None = None
    """That, and the stream from there to the beginning of the stall; None: not known."""

    @property
    def same(self) -> bool:
        """Whether both clients were given one stream, message by message."""
        return self.kind in (ComparedBy.SHARED, ComparedBy.BYTES, ComparedBy.ALIKE) and not self.own
