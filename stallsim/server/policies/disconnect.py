"""A hard limit: the client that falls too far behind is cut off."""

from typing import Annotated

from msgspec import Meta

from ...units import Size
from ._base import Admission, Message, Policy, Queue


class Disconnect(Policy, frozen=True):
    """Abort the connection when its queue would exceed a limit in bytes or in messages.

    The abort is a RST: a closing handshake would itself be stuck behind the queue. Redis does this
    with ``client-output-buffer-limit``, NATS with ``max_pending``.
    """

    limit_bytes: Size = 1024 * 1024
    limit_messages: Annotated[int, Meta(ge=1)] | None = None

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        too_many = self.limit_messages is not None and queue.total_messages >= self.limit_messages
        if too_many or queue.total_bytes + len(message.frame) > self.limit_bytes:
            return Admission.ABORT
        queue.push(message)
        return Admission.QUEUED
