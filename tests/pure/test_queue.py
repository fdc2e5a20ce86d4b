"""The queue of a policy is compared with a list."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from stallsim.server.policies import Message, Queue


class QueueAgainstList(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.queue = Queue()
        self.messages: list[Message] = []
        self.unsent: list[Message] = []
        """Taken, and not wholly in the kernel."""
        self.dropped: list[Message] = []
        self.evicted = 0
        self.made = 0

    def make(self, size: int, key: int = 0) -> Message:
        self.made += 1
        return Message(self.made, bytes(size), key)

    @rule(keys=st.lists(st.integers(0, 2), min_size=1, max_size=4), size=st.integers(0, 100))
    def push(self, keys: list[int], size: int) -> None:
        for key in keys:
            message = self.make(size, key)
            self.queue.push(message)
            self.messages.append(message)

    @rule()
    def pop(self) -> None:
        expected = self.messages.pop(0) if self.messages else None
        assert self.queue.pop() is expected
        self.unsent += [expected] if expected else []

    @precondition(lambda self: self.unsent)
    @rule()
    def put_back(self) -> None:
        message = self.unsent.pop()
        self.queue.put_back(message)
        self.messages.insert(0, message)

    @rule(data=st.data())
    def the_kernel_takes_some(self, data: st.DataObject) -> None:
        left = data.draw(st.integers(0, len(self.unsent)))
        self.unsent = self.unsent[len(self.unsent) - left :]
        self.queue.started_messages = left

    @precondition(lambda self: self.messages)
    @rule()
    def evict(self) -> None:
        self.queue.evict()
        self.dropped.append(self.messages.pop(0))
        self.evicted += 1

    @rule(key=st.integers(0, 2))
    def evict_by_key(self, key: int) -> None:
        same = [message for message in self.messages if message.key == key]
        for message in same:
            self.queue.evict(message)
            self.messages.remove(message)
        self.dropped += same
        self.evicted += len(same)

    @precondition(lambda self: not self.messages)
    @rule()
    def evict_from_nothing(self) -> None:
        with pytest.raises(IndexError):
            self.queue.evict()

    @rule()
    def evict_what_is_not_there(self) -> None:
        with pytest.raises(KeyError):
            self.queue.evict(self.make(1))

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
        assert self.queue.evicted_messages == self.evicted

    @invariant()
    def the_order_is_kept(self) -> None:
        assert list(self.queue) == self.messages
        for key in range(3):
            assert self.queue.about(key) == tuple(one for one in self.messages if one.key == key)
        assert self.queue.oldest == next(iter(self.messages), None)
        assert self.queue.oldest_unsent == next(iter(self.unsent + self.messages), None)


TestQueueAgainstList = QueueAgainstList.TestCase
TestQueueAgainstList.settings = settings(stateful_step_count=40)


def test_what_has_been_started_counts_as_in_memory() -> None:
    queue = Queue()
    queue.push(Message(0, bytes(10)))
    queue.started_bytes, queue.started_messages = 5, 1
    assert (queue.total_bytes, queue.total_messages) == (15, 2)
    assert (queue.bytes, len(queue)) == (10, 1)
