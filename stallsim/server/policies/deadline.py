"""A policy with a limit in time: no message waits longer than that in the server."""

from enum import Enum

from ...units import Seconds
from ._base import Admission, Message, Policy, Queue, longer


class Then(Enum):
    """What happens to a connection whose oldest unsent message is too old."""

    DISCONNECT = "disconnect"
    """The connection is aborted when the next message is offered."""
    DROP = "drop"
    """Messages that are too old are dropped, when the next one is offered and before one is sent."""


class Deadline(Policy, frozen=True):
    """Abort the connection, or drop messages, once the oldest unsent message is older than ``after``.

    The age is counted from the making of a message until the kernel has its last byte, so a started
    message counts, too, and is the first that makes ``disconnect`` abort. ``drop`` cannot drop it, since
    a part of its frame is already sent, so it is sent late. Memory is bounded by what is made within
    ``after``. RabbitMQ's ``x-message-ttl`` and the Message Expiry Interval of MQTT 5 (3.3.2.3.3) drop;
    NATS' ``write_deadline`` disconnects, and is counted from the start of a write.
    """

    after: Seconds = 5.0
    """The age, in scenario time, beyond which the oldest unsent message is too old."""
    then: Then = Then.DISCONNECT
    """What happens then: the connection is ended, or messages that are too old are dropped."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        evicted = False
        match self.then:
            case Then.DISCONNECT:
                if self._too_old(queue.oldest_unsent, now):
                    return Admission.ABORT
            case Then.DROP:
                evicted = self._expire(queue, now)
        queue.push(message)
        return Admission.EVICTED if evicted else Admission.QUEUED

    def take(self, queue: Queue, now: float) -> Message | None:
        if self.then is Then.DROP:
            self._expire(queue, now)
        return queue.pop()

    def _expire(self, queue: Queue, now: float) -> bool:
        before = len(queue)
        while self._too_old(queue.oldest, now):
            queue.evict()
        return len(queue) < before

    def _too_old(self, message: Message | None, now: float) -> bool:
        return message is not None and longer(now - message.made_s, self.after)
