"""Offers one stream to all subscribers. A subscriber that makes its producer wait delays the others."""

from collections import deque

from .frames import Frames
from .policies import Message
from .session import Session


class Producer:
    """Produces messages and offers each to its subscribers in order. A subscriber that answers *wait*
    holds up the producer, and with it all subscribers after it.
    """

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self.subscribers: list[Session] = []
        self._made = 0
        self._pending: Message | None = None
        self._remaining: deque[Session] = deque()

    @property
    def waiting(self) -> bool:
        """Whether the producer is made to wait."""
        return self._pending is not None

    def produce(self, now: float) -> None:
        """Produce this tick's message, unless the producer still waits with an earlier one."""
        if self._pending is None:
            self._pending = self._frames.make(self._made, now)
            self._made += 1
            self._remaining.extend(self.subscribers)
        self.resume(now)

    def resume(self, now: float) -> bool:
        """Offer the pending message to the remaining subscribers; return whether any of
        them admitted it.
        """
        if self._pending is None:
            return False
        before = len(self._remaining)
        while self._remaining:
            if not self._remaining[0].offer(self._pending, now):
                return len(self._remaining) < before
            self._remaining.popleft()
        self._pending = None
        return True

    def leave(self, session: Session) -> None:
        """Remove a subscriber; the producer no longer waits for it."""
        self.subscribers.remove(session)
        if session in self._remaining:
            self._remaining.remove(session)


class Broadcast:
    """The stream's producers: one for all subscribers, or one for each if the policy requires that."""

    def __init__(self, frames: Frames, *, own_producers: bool) -> None:
        self._frames, self._own = frames, own_producers
        self._producers = [] if own_producers else [Producer(frames)]

    @property
    def waiting(self) -> bool:
        """Whether any producer is being made to wait."""
        return any(producer.waiting for producer in self._producers)

    def join(self, session: Session) -> None:
        """Subscribe a session to the stream, from the next message on."""
        if self._own:
            self._producers.append(Producer(self._frames))
        self._producers[-1].subscribers.append(session)

    def leave(self, session: Session) -> None:
        """End the session's subscription: no producer waits for it any more."""
        for producer in self._producers:
            if session in producer.subscribers:
                producer.leave(session)
        if self._own:
            self._producers = [producer for producer in self._producers if producer.subscribers]

    def produce(self, now: float) -> None:
        """Produce this tick's messages."""
        for producer in self._producers:
            producer.produce(now)

    def resume(self, now: float) -> None:
        """Offer the messages again with which producers wait."""
        for producer in self._producers:
            producer.resume(now)
