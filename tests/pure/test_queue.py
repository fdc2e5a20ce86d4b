"""The queue of a policy against a list that does the same by hand."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from stallsim.server.policies._base import Message, Queue


class QueueAgainstList(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.queue = Queue()
        self.messages: list[Message] = []
        self.dropped: list[Message] = []
        self.made = 0

    def make(self, size: int) -> Message:
        self.made += 1
        return Message(self.made, bytes(size))

    @rule(size=st.integers(0, 100))
    def push(self, size: int) -> None:
        message = self.make(size)
        self.queue.push(message)
        self.messages.append(message)

    @rule()
    def pop(self) -> None:
        expected = self.messages.pop(0) if self.messages else None
        assert self.queue.pop() is expected

    @rule(size=st.integers(0, 100))
    def put_back(self, size: int) -> None:
        message = self.make(size)
        self.queue.put_back(message)
        self.messages.insert(0, message)

    @precondition(lambda self: self.messages)
    @rule()
    def evict(self) -> None:
        self.queue.evict()
        self.dropped.append(self.messages.pop(0))

    @precondition(lambda self: not self.messages)
    @rule()
    def evict_from_nothing(self) -> None:
        with pytest.raises(IndexError):
            self.queue.evict()

    @rule(size=st.integers(0, 100))
    def drop(self, size: int) -> None:
        message = self.make(size)
        self.queue.drop(message)
        self.dropped.append(message)

    @rule()
    def clear(self) -> None:
        assert self.queue.clear() == sum(len(message.frame) for message in self.messages)
        self.messages.clear()

    @invariant()
    def the_counts_are_true(self) -> None:
        sizes = [len(message.frame) for message in self.messages]
        lost = [len(message.frame) for message in self.dropped]
        assert self.queue.stats() == (len(sizes), sum(sizes), len(lost), sum(lost))
        assert (len(self.queue), self.queue.bytes) == (len(sizes), sum(sizes))


TestQueueAgainstList = QueueAgainstList.TestCase
TestQueueAgainstList.settings = settings(max_examples=50, stateful_step_count=40)


def test_what_has_been_started_counts_as_in_memory() -> None:
    queue = Queue()
    queue.push(Message(0, bytes(10)))
    queue.started_bytes, queue.started_messages = 5, 1
    assert (queue.total_bytes, queue.total_messages) == (15, 2)
    assert (queue.bytes, len(queue)) == (10, 1)
