"""A policy whose full queue admits no new message: queued ones are sent, new ones are lost."""

from ._base import Admission, Message, Queue
from ._bounded import Bounded


class DropNewest(Bounded, frozen=True):
    """Reject messages that would exceed a limit: the client resumes with old messages, then has a gap.

    A ZeroMQ PUB socket does this at its high-water mark (``ZMQ_SNDHWM``, in messages, for each
    subscriber), RabbitMQ with ``overflow: reject-publish``, and socket.io's ``volatile``, whose limit
    is one write in progress.
    """

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        if not self.fits(message, queue.total_bytes, queue.total_messages):
            queue.drop(message)
            return Admission.REJECTED
        queue.push(message)
        return Admission.QUEUED
