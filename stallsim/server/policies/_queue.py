"""The messages that the kernel has not yet taken: in order, found by key, and counted.

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
    """What the message is about: of two with one key, the newer supersedes the older."""
    made_s: float = 0.0
    """When it was made, in seconds of scenario time."""


class QueueStats(NamedTuple):
    """A frozen snapshot, in messages and in bytes."""

    messages: int
    bytes: int
    dropped_messages: int
    dropped_bytes: int


class Queue:
    """Messages in order, and what has been dropped. Every change keeps the counts true."""

    def __init__(self) -> None:
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._about: dict[int, deque[Message]] = {}
        """The same messages by their key, oldest first."""
        self._taken: deque[Message] = deque()
        """Of messages taken: those that, for all that is known, are not wholly in the kernel."""
        self._started_messages = 0
        self.bytes = 0
        self.started_bytes = 0
        """Of messages taken from this queue: bytes that are not in the kernel yet."""
        self.dropped_messages = 0
        self.dropped_bytes = 0
        self.evicted_messages = 0
        """Of those dropped: had been queued. The policy has queued none of the others."""
        self.last_within_s = 0.0
        """When its policy last found it within a soft limit: what a policy remembers, it keeps here."""

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        """What is queued, oldest first."""
        return iter(self._messages.values())

    @property
    def total_bytes(self) -> int:
        """What the server holds in memory for this connection: a limit is a limit on this."""
        return self.bytes + self.started_bytes

    @property
    def total_messages(self) -> int:
        """Messages of which at least one byte is in memory."""
        return len(self) + self.started_messages

    @property
    def started_messages(self) -> int:
        """Messages taken from this queue that are not wholly in the kernel: the last so many."""
        return self._started_messages

    @started_messages.setter
    def started_messages(self, messages: int) -> None:
        self._started_messages = messages
        while len(self._taken) > messages:
            self._taken.popleft()

    @property
    def oldest(self) -> Message | None:
        """The head; None where the queue is empty."""
        return next(iter(self), None)

    @property
    def oldest_unsent(self) -> Message | None:
        """The oldest message of which the kernel lacks a byte: a started one, else the head."""
        return self._taken[0] if self._taken else self.oldest

    def about(self, key: int) -> tuple[Message, ...]:
        """What is queued with that key, oldest first."""
        return tuple(self._about.get(key, ()))

    def push(self, message: Message) -> None:
        """Append a message at the tail."""
        self._messages[message.number] = message
        self._about.setdefault(message.key, deque()).append(message)
        self.bytes += len(message.frame)

    def pop(self) -> Message | None:
        """Take the head, or None where the queue is empty."""
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
        """Drop a queued message, whichever it is; by default the head.

        The oldest of its key is found at once, another among all that have its key. Raises IndexError when
        empty, KeyError where that message is not queued.
        """
        evicted = message or self.oldest
        if evicted is None:
            raise IndexError("nothing is queued")
        self._remove(evicted)
        self.evicted_messages += 1
        self.drop(evicted)

    def clear(self) -> int:
        """Forget everything; the bytes that were queued."""
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
