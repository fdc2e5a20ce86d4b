"""The base class of policies with a hard limit; what happens at the limit is up to the subclass."""

from typing import Annotated

from msgspec import Meta

from ...units import Size
from ._base import Message, Policy


class Bounded(Policy, frozen=True):
    """A limit in bytes and, where asked for, one in messages: on what is queued and what is started.

    The unsent rest of a message that has been started counts, and nothing can be done about it any
    more: half of its frame is on the wire.
    """

    limit_bytes: Size = 1024 * 1024
    """The most bytes of frames that may wait for one connection."""
    limit_messages: Annotated[int, Meta(ge=1)] | None = None
    """The most messages that may wait for one connection; absent: any number."""

    def fits(self, message: Message, held_bytes: int, held_messages: int) -> bool:
        """Whether the message may join that many bytes and messages."""
        too_many = self.limit_messages is not None and held_messages >= self.limit_messages
        return not too_many and held_bytes + len(message.frame) <= self.limit_bytes
