"""A hard limit, and a soft one for some time: a client that falls too far behind is ended."""

from ...units import Seconds, Size
from ._base import Admission, Message, Queue, longer
from ._bounded import Bounded


class Disconnect(Bounded, frozen=True):
    """Abort when the queue would exceed a hard limit, or has exceeded a soft limit for too long.

    The abort is a RST, since a closing handshake would itself wait behind the queue. Redis has both limits
    (``client-output-buffer-limit pubsub 32mb 8mb 60``); NATS (``max_pending``) and Centrifugo
    (``queue_max_size``) have the hard one. The abort takes place when a message is offered: the first that
    does not fit, or the first after ``soft_time``. So no client is aborted while the stream pauses.
    """

    soft_limit_bytes: Size | None = None
    """The soft limit in bytes; absent: none. The time starts again when the queue falls
    back to the limit.
    """
    soft_time: Seconds = 60.0
    """The longest time that the queue may exceed the soft limit before the connection is aborted."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        # Only an offer makes a queue longer. If the queue was within the limit just before this offer, it
        # did not exceed it all the time, and can exceed it only from now on.
        if self.soft_limit_bytes is None or queue.total_bytes <= self.soft_limit_bytes:
            queue.last_within_s = now
        too_long = longer(now - queue.last_within_s, self.soft_time)
        if too_long or not self.fits(message, queue.total_bytes, queue.total_messages):
            return Admission.ABORT
        queue.push(message)
        return Admission.QUEUED
