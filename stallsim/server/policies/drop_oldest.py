"""A policy whose full queue drops its oldest messages and keeps the newest."""

from ._base import Admission, Message, Queue
from ._bounded import Bounded


class DropOldest(Bounded, frozen=True):
    """Evict the oldest messages to make room for the newest: the client resumes after a gap, up to date.

    Ring buffers do this: DDS and ROS with history KEEP_LAST, tokio's ``broadcast``, RabbitMQ with
    ``overflow: drop-head``. A message that would not fit even if all queued messages were evicted is
    rejected, and nothing is evicted for it.
    """

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        if not self.fits(message, queue.started_bytes, queue.started_messages):
            queue.drop(message)
            return Admission.REJECTED
        admission = Admission.QUEUED
        while not self.fits(message, queue.total_bytes, queue.total_messages):
            queue.evict()
            admission = Admission.EVICTED
        queue.push(message)
        return admission
