"""A policy that keeps the newest message of each key: a client that wakes gets the state,
not its history.
"""

from ._base import Admission, Message, Queue
from ._bounded import Bounded


class Conflate(Bounded, frozen=True):
    """Replace the queued message that has the same key: the number of keys bounds the queue.

    ZeroMQ's ``ZMQ_CONFLATE`` (one key), Lightstreamer's MERGE mode and market data feeds do this. The
    stream keeps its order: the superseded message is evicted, and the new one goes to the tail. So the
    message of a key that changes faster than a slow client reads waits for as long as the other keys'
    messages. At a limit the connection is aborted. Dropping the only message of a key would leave the
    client with a value that is wrong and looks right; a client that reconnects can be sent the whole state.
    """

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        superseded = queue.about(message.key)
        freed_bytes = sum(len(old.frame) for old in superseded)
        held_messages = queue.total_messages - len(superseded)
        if not self.fits(message, queue.total_bytes - freed_bytes, held_messages):
            return Admission.ABORT
        for old in superseded:
            queue.evict(old)
        queue.push(message)
        return Admission.EVICTED if superseded else Admission.QUEUED
