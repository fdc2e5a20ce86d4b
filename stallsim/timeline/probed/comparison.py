"""The result of comparing the stalled client's messages with those of the witness."""

from enum import Enum

from msgspec import Struct

from .outcomes import Dropped


class ComparedBy(Enum):
    """What the two streams could be compared by."""

    SHARED = "the same messages"
    BYTES = "the same bytes in other frames"
    ALIKE = "messages that differ only in what names the client"
    NUMBERED = "a running number in the messages"
    COUNTED = "counts of messages"


class Comparison(Struct, frozen=True, kw_only=True):
    """Lags are counted in messages of the witness, beyond the lag when the stall began."""

    kind: ComparedBy
    distinct: bool
    """Whether the witness's messages can be told from each other."""
    own: bool
    """Each client has a stream of its own with the same messages: both streams began with the first
    message.
    """
    draining: bool
    """When the watch ended, the stalled client still received more than the witness."""
    lag_wake: int
    """At the wake: messages that the witness had read and the other had not."""
    lag_end: int
    """The same when the watch ended, without those that are missing for good."""
    missing: int | None
    """Messages that are missing since the stall began; None: cannot be known."""
    missing_usual: float
    """The share that is missing for reasons other than the stall, such as a rate limiter or a stream that
    loses messages.
    """
    dropped: Dropped | None
    notices: int
    """Messages after the wake that only the stalled client received; 0 where that cannot be known."""
    message_bytes: float
    """The mean size of the witness's messages since the stall began."""
    joining_bytes: int | None = None
    """Bytes of payload that the stalled client received before the first message that both received, that
    is, on joining. None: not known.
    """
    missing_late: int = 0
    """Of the missing messages, those that the witness received only after the wake."""
    waited: int | None = None
    """Of the messages that the witness received until the wake, those that came only after it, or had not
    come when the watch ended; None: not known.
    """
    owed_bytes: int | None = None
    """As ``joining_bytes``, with the stream up to the beginning of the stall; None: not known."""

    @property
    def missing_until_wake(self) -> int:
        """Of the messages that the witness received until the wake, those that are missing for good."""
        return max(0, (self.missing or 0) - self.missing_late)

    @property
    def same(self) -> bool:
        """Whether both clients received one stream, message by message."""
        return self.kind in (ComparedBy.SHARED, ComparedBy.BYTES, ComparedBy.ALIKE) and not self.own
