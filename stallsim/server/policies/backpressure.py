"""One producer waits for the slowest subscriber: memory is bounded, and all are held up."""

from ...units import Size
from ._base import Admission, Message, Policy, Queue


class Backpressure(Policy, frozen=True):
    """Make the producer wait while more than ``high_water`` bytes would be queued.

    The server does ``for ws in clients: await ws.send(message)``. Memory is bounded, but the stream has one
    producer, so one client that sleeps stops the messages of all others.
    """

    high_water: Size = 64 * 1024
    """The producer waits while more bytes than this would wait for one connection."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        if queue.total_bytes and queue.total_bytes + len(message.frame) > self.high_water:
            return Admission.WAIT
        queue.push(message)
        return Admission.QUEUED
