"""A hard limit, and a soft one for a time: the client that falls too far behind is cut off."""

from ...units import Seconds, Size
from ._base import Admission, Message, Queue, longer
from ._bounded import Bounded


class Disconnect(Bounded, frozen=True):
    """Abort when the queue would exceed a hard limit, or has exceeded a soft one for too long.

    The abort is a RST: a closing handshake would itself be stuck behind the queue. Redis does both
    (``client-output-buffer-limit pubsub 32mb 8mb 60``), NATS (``max_pending``) and Centrifugo
    (``queue_max_size``) the hard one. It comes with the message that is one too many, or with the
    first after ``soft_time``: a stream that pauses cuts nobody.
    """

    soft_limit_bytes: Size | None = None
    """Absent: none. A queue that falls back to it, or below, starts afresh."""
    soft_time: Seconds = 60.0
    """How long the queue may stay over the soft limit before the connection is aborted."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        # Only an offer makes a queue longer: within the limit just before one, it was not over it
        # without a break, and can be from now on at the earliest.
        if self.soft_limit_bytes is None or queue.total_bytes <= self.soft_limit_bytes:
            queue.last_within_s = now
        too_long = longer(now - queue.last_within_s, self.soft_time)
        if too_long or not self.fits(message, queue.total_bytes, queue.total_messages):
            return Admission.ABORT
        queue.push(message)
        return Admission.QUEUED
