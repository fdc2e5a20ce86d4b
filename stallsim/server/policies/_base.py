"""What a send policy is: a frozen spec that decides over a queue. No socket, no clock, no trio.

The queue holds the messages that the kernel has not yet taken; the session takes from its head. To
write a policy, see CONTRIBUTING.md, 'How to add a policy'.
"""

from collections import deque
from enum import Enum
from typing import ClassVar, NamedTuple

from ...scenario import Spec


class Message(NamedTuple):
    """One WebSocket message of the stream, encoded as the one frame that carries it."""

    number: int
    frame: bytes
    key: int = 0
    """What the message is about: of two with one key, the newer supersedes the older."""
    made_s: float = 0.0
    """When it was made, in seconds of scenario time."""


class Admission(Enum):
    """A policy's answer to one offered message."""

    QUEUED = "queued"
    EVICTED = "evicted"
    """Queued, at the price of older ones, which are counted as dropped."""
    REJECTED = "rejected"
    """Not queued, and counted as dropped."""
    WAIT = "wait"
    """Not queued, not dropped: the producer is made to wait, and offers it again."""
    ABORT = "abort"
    """Not queued: the connection is to be aborted."""


class QueueStats(NamedTuple):
    """A frozen snapshot, in messages and in bytes."""

    messages: int
    bytes: int
    dropped_messages: int
    dropped_bytes: int


class Queue:
    """Messages in order, and what has been dropped. Every change keeps the counts true."""

    def __init__(self) -> None:
        self._messages: deque[Message] = deque()
        self.bytes = 0
        self.started_bytes = 0
        """Of messages taken from this queue: bytes that are not in the kernel yet."""
        self.started_messages = 0
        self.dropped_messages = 0
        self.dropped_bytes = 0
        self.evicted_messages = 0
        """Of those dropped: had been queued. The others were refused at the door."""

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def total_bytes(self) -> int:
        """What the server holds in memory for this connection: a limit is a limit on this."""
        return self.bytes + self.started_bytes

    @property
    def total_messages(self) -> int:
        """Messages of which at least one byte is in memory."""
        return len(self) + self.started_messages

    def push(self, message: Message) -> None:
        """Append at the tail."""
        self._messages.append(message)
        self.bytes += len(message.frame)

    def pop(self) -> Message | None:
        """Take the head, or None where the queue is empty."""
        if not self._messages:
            return None
        message = self._messages.popleft()
        self.bytes -= len(message.frame)
        return message

    def put_back(self, message: Message) -> None:
        """Return to the head a message that was taken and of which no byte was sent."""
        self._messages.appendleft(message)
        self.bytes += len(message.frame)

    def evict(self) -> None:
        """Drop the head: the oldest message. Raises IndexError when empty."""
        message = self._messages.popleft()
        self.bytes -= len(message.frame)
        self.evicted_messages += 1
        self.drop(message)

    def clear(self) -> int:
        """Forget everything; the bytes that were queued."""
        cleared, self.bytes = self.bytes, 0
        self._messages.clear()
        return cleared

    def drop(self, message: Message) -> None:
        """Count a message that will never be sent."""
        self.dropped_messages += 1
        self.dropped_bytes += len(message.frame)

    def stats(self) -> QueueStats:
        """The counts as they are now."""
        return QueueStats(len(self), self.bytes, self.dropped_messages, self.dropped_bytes)


class Policy(Spec, frozen=True):
    """A send policy: its fields are its options, ``offer`` and ``take`` are its decisions."""

    limits: ClassVar[bool] = True
    """Whether it bounds what a connection may hold in memory."""
    own_producer: ClassVar[bool] = False
    """Whether each subscriber has a producer of its own, so that WAIT holds nobody else up."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        """Decide over one new message, and put it on ``queue`` if the answer says so.

        ``now`` is scenario time in seconds. The queue must agree with the answer
        (``stallsim.testing.check_policy``).
        """
        raise NotImplementedError

    def take(self, queue: Queue, now: float) -> Message | None:
        """What to send next; None where there is nothing."""
        return queue.pop()

    def capacity_bytes(self, queued_bytes: int) -> int:
        """Memory that a server with this policy would have allocated for that many queued bytes."""
        return queued_bytes
