"""The messages that the kernel has not accepted: in order, found by key, and counted.

Every operation costs the same however long the queue is.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import NamedTuple


class Message(NamedTuple):
    """One WebSocket message of the stream, encoded as the one frame that carries it."""

    number: int
    frame: bytes
    key: int = 0
    """The subject of the message: of two messages with one key, the newer supersedes the older."""
    made_s: float = 0.0
    """When the message was produced, in seconds of scenario time."""


class QueueStats(NamedTuple):
    """A frozen snapshot, in messages and in bytes."""

    messages: int
    bytes: int
    dropped_messages: int
    dropped_bytes: int


class Queue:
    """Queued messages in order, and counts of dropped ones, which every change keeps correct."""

    def __init__(self) -> None:
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._about: dict[int, deque[Message]] = {}
        """The queued messages by their key, oldest first."""
        self._taken: deque[Message] = deque()
        """Taken messages of which bytes may not have been accepted by the kernel yet."""
        self._started_messages = 0
        self.bytes = 0
        self.started_bytes = 0
        """Bytes of taken messages that the kernel has not accepted yet."""
        self.dropped_messages = 0
        self.dropped_bytes = 0
        self.evicted_messages = 0
        """Dropped messages that had been queued; the policy had not queued the other dropped ones."""
        self.last_within_s = 0.0
        """When the policy last found the queue within a soft limit. A policy stores its state in the
        queue.
        """

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        """The queued messages, oldest first."""
        return iter(self._messages.values())

    @property
    def total_bytes(self) -> int:
        """Bytes that the server holds in memory for this connection, which a policy limits."""
        return self.bytes + self.started_bytes

    @property
    def total_messages(self) -> int:
        """Messages of which at least one byte is in memory."""
        return len(self) + self.started_messages

    @property
    def started_messages(self) -> int:
        """The number of taken messages that the kernel has not accepted as a whole; these are the last
        taken ones.
        """
        return self._started_messages

    @started_messages.setter
    def started_messages(self, messages: int) -> None:
        self._started_messages = messages
        while len(self._taken) > messages:
            self._taken.popleft()

    @property
    def oldest(self) -> Message | None:
        """The head; None if the queue is empty."""
        return next(iter(self), None)

    @property
    def oldest_unsent(self) -> Message | None:
        """The oldest message of which the kernel lacks a byte: a started one, or else the head."""
        return self._taken[0] if self._taken else self.oldest

    def about(self, key: int) -> tuple[Message, ...]:
        """The queued messages with that key, oldest first."""
        return tuple(self._about.get(key, ()))

    def push(self, message: Message) -> None:
        """Append a message at the tail."""
        self._messages[message.number] = message
        self._about.setdefault(message.key, deque()).append(message)
        self.bytes += len(message.frame)

    def pop(self) -> Message | None:
        """Remove and return the head; None if the queue is empty."""
        if not self._messages:
            return None
        _, message = self._messages.popitem(last=False)
        self._uncount(message)
        self._taken.append(message)
        return message

    def put_back(self, message: Message) -> None:
        """Return to the head a message that was taken and of which no byte was sent."""
        if self._taken and self._taken[-1] is message:
            self._taken.pop()
        self._messages[message.number] = message
        self._messages.move_to_end(message.number, last=False)
        self._about.setdefault(message.key, deque()).appendleft(message)
        self.bytes += len(message.frame)

    def evict(self, message: Message | None = None) -> None:
        """Drop a queued message; by default the head.

        The oldest message of a key is found at once, another one by a search in all of its key. Raises
        IndexError if the queue is empty, KeyError if that message is not queued.
        """
        evicted = message or self.oldest
        if evicted is None:
            raise IndexError("nothing is queued")
        self._remove(evicted)
        self.evicted_messages += 1
        self.drop(evicted)

    def clear(self) -> int:
        """Remove all messages; return the bytes that were queued."""
        cleared, self.bytes = self.bytes, 0
        self._messages.clear()
        self._about.clear()
        return cleared

    def drop(self, message: Message) -> None:
        """Count a message that will never be sent."""
        self.dropped_messages += 1
        self.dropped_bytes += len(message.frame)

    def stats(self) -> QueueStats:
        """A copy of the counts, as they are now."""
        return QueueStats(len(self), self.bytes, self.dropped_messages, self.dropped_bytes)

    def _remove(self, message: Message) -> None:
        del self._messages[message.number]
        self._uncount(message)

    def _uncount(self, message: Message) -> None:
        same = self._about[message.key]
        same.remove(message)  # the oldest of its key: found at once
        if not same:
            del self._about[message.key]
        self.bytes -= len(message.frame)
