"""Runs one policy over one queue, step by step, and checks the queue after each step."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from ..server.policies import Admission, Message, Policy, Queue
from ._contract import require_that

_HOUR_S = 3600.0


class Action(Enum):
    """An action of a session on its policy."""

    OFFER = "offer"
    TAKE = "take"
    PUT_BACK = "put back"
    """The session takes a message, the kernel refuses every byte, and the message goes back to the head."""


class PolicyStep(NamedTuple):
    """One action, ``after_s`` after the one before."""

    action: Action
    after_s: float
    frame_bytes: int
    key: int = 0


class _Counts(NamedTuple):
    """A queue's counts of messages that are no longer in it."""

    dropped: int
    dropped_bytes: int
    evicted: int
    started: int
    started_bytes: int


class PolicyRun:
    """Executes steps and stores every answer. Raises ContractBroken at the first that is not allowed."""

    def __init__(self, policy: Policy) -> None:
        self._policy, self._queue = policy, Queue()
        self.answers: list[object] = []
        self._now = 0.0
        self._made = 0
        self._last_taken = -1
        self._waiting: Message | None = None

    def play(self, step: PolicyStep) -> None:
        """Execute one step, and check the laws that it must keep."""
        self._now += step.after_s
        if step.action is Action.OFFER:
            self._offer(self._waiting or self._make(step))
        else:
            self._session_takes(step)
        self.answers.append(self._queue.stats())

    def finish(self) -> None:
        """Check that with time and a peer that reads, all messages are sent and no producer waits for
        ever.
        """
        while len(self._queue):
            self._now += _HOUR_S
            taken = self._take()
            stuck = taken is None and len(self._queue) > 0
            require_that(not stuck, "take must give what is queued, an hour later at the latest")
        self._take()
        self._queue.started_bytes = self._queue.started_messages = 0
        if self._waiting is not None:
            self._offer(self._waiting)
            require_that(
                self._waiting is None, "WAIT must end once the queue is empty and an hour has passed"
            )

    def _session_takes(self, step: PolicyStep) -> None:
        """Take a message: those started before have been sent; the kernel accepts a part of this one, or
        nothing.
        """
        self._queue.started_bytes = self._queue.started_messages = 0
        message = self._take()
        if message is None:
            return
        if step.action is Action.PUT_BACK:
            self._queue.put_back(message)
            return
        self._last_taken = message.number
        self._queue.started_bytes = step.frame_bytes % len(message.frame)
        self._queue.started_messages = int(self._queue.started_bytes > 0)

    def _make(self, step: PolicyStep) -> Message:
        self._made += 1
        return Message(self._made - 1, bytes(step.frame_bytes), step.key, self._now)

    def _offer(self, message: Message) -> None:
        before, stats = list(self._queue), self._counts()
        admission = self._policy.offer(self._queue, message, self._now)
        self.answers.append(admission)
        self._waiting = message if admission is Admission.WAIT else None
        if admission in (Admission.WAIT, Admission.ABORT):
            unchanged = list(self._queue) == before and self._counts() == stats
            require_that(unchanged, f"{admission.name} must leave the queue and its counts as they were")
            return
        gone = self._gone([*before, message])
        evicted = [one for one in gone if one is not message]
        self._check_counts(stats, gone, evicted)
        match admission:
            case Admission.QUEUED:
                require_that(not gone, "QUEUED: the message is at the tail and no other is gone")
            case Admission.EVICTED:
                price = bool(gone) and message not in gone
                require_that(price, "EVICTED: the message is at the tail and older ones are gone")
            case Admission.REJECTED:
                require_that(gone == [message], "REJECTED: the message is not queued and all others are")

    def _take(self) -> Message | None:
        before, stats = list(self._queue), self._counts()
        message = self._policy.take(self._queue, self._now)
        self.answers.append(message)
        gone = self._gone(before)
        if message is not None:
            require_that(message in gone, "take must remove what it gives, and give what was queued")
            gone.remove(message)
            left = list(self._queue)
            oldest = min((one.number for one in left), default=message.number + 1)
            in_order = self._last_taken < message.number < oldest
            require_that(in_order, "take must give the oldest message: the stream has an order")
        self._check_counts(stats, gone, gone)
        return message

    def _gone(self, before: Sequence[Message]) -> list[Message]:
        """The messages that are no longer queued. The others must still be queued in the same order."""
        after = list(self._queue)
        numbers = {one.number for one in after}
        kept = [one for one in before if one.number in numbers]
        require_that(after == kept, "what stays in the queue stays as it is and in its order")
        return [one for one in before if one.number not in numbers]

    def _counts(self) -> _Counts:
        queue = self._queue
        started = (queue.started_messages, queue.started_bytes)
        return _Counts(queue.dropped_messages, queue.dropped_bytes, queue.evicted_messages, *started)

    def _check_counts(self, before: _Counts, gone: Sequence[Message], evicted: Sequence[Message]) -> None:
        """Pushed = popped + queued + dropped, in messages and in bytes."""
        now = self._counts()
        counted = (now.dropped - before.dropped, now.dropped_bytes - before.dropped_bytes)
        lost = (len(gone), sum(len(one.frame) for one in gone))
        require_that(
            counted == lost, f"dropped counts say {counted} more (messages, bytes), gone are {lost}"
        )
        evicted_more, had = now.evicted - before.evicted, len(evicted)
        require_that(
            evicted_more == had,
            f"evicted counts say {evicted_more} more, of those dropped {had} had been queued",
        )
        started = (now.started, now.started_bytes) == (before.started, before.started_bytes)
        require_that(started, "what has been started is the session's: a policy leaves it as it is")
        stats, queued = self._queue.stats(), sum(len(one.frame) for one in self._queue)
        require_that(stats.bytes == queued, f"the queue says {stats.bytes} bytes and holds {queued}")
