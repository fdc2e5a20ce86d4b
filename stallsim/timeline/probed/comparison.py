"""The result of comparing the stalled client's messages with those of the witness."""

from enum import Enum

from msgspec import Struct

from .outcomes import Dropped

_HALF = 0.5


class ComparedBy(Enum):
    """The property by which the two streams could be compared."""

    SHARED = "the same messages"
    BYTES = "the same bytes in other frames"
    ALIKE = "messages that differ only in what names the client"
    BESIDE_NUMBERS = "messages that differ only in numbers of each client's own"
    NUMBERED = "a running number in the messages"
    COUNTED = "counts of messages"


class Comparison(Struct, frozen=True, kw_only=True):
    """The comparison of two streams. Lags are in messages of the witness, beyond the lag when the stall
    began.
    """

    kind: ComparedBy
    distinct: bool
    """Whether the witness's messages can be told from each other."""
    own: bool
    """Whether each client has a stream of its own with the same messages: both began with the first
    message.
    """
    draining: bool
    """Whether the stalled client still received more than the witness when the watch ended."""
    lag_wake: int
    """Messages at the wake that the witness had read and the stalled client had not."""
    lag_end: int
    """The same when the watch ended, without messages that are missing for good."""
    missing: int | None
    """Messages that are missing since the stall began; None: not known."""
    missing_usual: float
    """The share of messages that is missing without a stall, too (a rate limiter, a stream that loses
    messages).
    """
    dropped: Dropped | None
    notices: int
    """Messages after the wake that only the stalled client received; 0 if not known."""
    notices_bytes: int = 0
    """The bytes of these messages."""
    message_bytes: float
    """The mean size of the witness's messages since the stall began."""
    joining_bytes: int | None = None
    """Bytes of payload that the stalled client received on joining, before the first message that both
    received. None: not known.
    """
    missing_late: int = 0
    """The part of ``missing`` that the witness received only after the wake."""
    waited: int | None = None
    """Messages that the witness received before the wake, and the stalled client only after it, or not
    before the watch ended; None: not known.
    """
    owed_bytes: int | None = None
    """``joining_bytes`` plus the bytes of the stream up to the stall's beginning; None: not known."""

    kept_bytes: int = 0
    """Bytes that the witness received before the wake, and the stalled client only after it. 0 also if that
    is not known.
    """
    kept_evenly: bool = False
    """Whether every part of the stall is among these bytes, so that no bound is seen in them."""

    may_hide_gaps: bool = False
    """Whether a message that was dropped may have left no gap: only a number shows the order of the
    messages, and the server may count it when it sends them.
    """

    @property
    def missing_until_wake(self) -> int:
        """Messages that the witness received before the wake and that are missing for good."""
        return max(0, (self.missing or 0) - self.missing_late)

    @property
    def missing_may_be_others(self) -> bool:
        """Whether the stalled client received, after the wake, other messages that the witness did not, and
        that are half as many as the missing ones, or half as large: they may hold the same content.
        """
        missing = self.missing or 0
        half_as_large = self.notices_bytes >= _HALF * missing * self.message_bytes
        return missing > 0 and (half_as_large or self.notices >= _HALF * missing)

    @property
    def same(self) -> bool:
        """Whether both clients received one stream, message by message."""
        return self.kind not in (ComparedBy.NUMBERED, ComparedBy.COUNTED) and not self.own
