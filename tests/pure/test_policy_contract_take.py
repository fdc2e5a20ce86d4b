"""The contract detects a ``take`` or a capacity that breaks it."""

import pytest

from stallsim.server.policies import Message, Queue
from stallsim.testing import ContractBroken, check_policy

from .odd_policies import Take, policy


def last_first(queue: Queue, _: float) -> Message | None:
    """The newest message, by way of all others."""
    all_of_them = [message for _ in range(len(queue)) if (message := queue.pop())]
    for message in all_of_them[:-1]:
        queue.push(message)
    return all_of_them[-1] if all_of_them else None


def peek(queue: Queue, _: float) -> Message | None:
    message = queue.pop()
    if message is not None:
        queue.put_back(message)
    return message


def forgetful(queue: Queue, _: float) -> Message | None:
    queue.pop()
    return queue.pop()


@pytest.mark.parametrize(
    ("take", "words"),
    [
        (last_first, "the stream has an order"),
        (peek, "remove what it gives"),
        (forgetful, "dropped counts say"),
        (lambda *_: None, "must give what is queued"),
        (lambda queue, _: queue.pop() or Message(0, b"from nowhere"), "give what was queued"),
    ],
)
def test_a_wrong_take_is_noticed(take: Take, words: str) -> None:
    with pytest.raises(ContractBroken, match=words):
        check_policy(lambda: policy(take=take))


def test_a_policy_may_wait_for_time_to_pass_and_may_let_messages_expire() -> None:
    def paced(queue: Queue, now: float) -> Message | None:
        return queue.pop() if now % 2 < 1 or now > 1000 else None

    def expiring(queue: Queue, _: float) -> Message | None:
        while len(queue) > 2:
            queue.evict()
        return queue.pop()

    check_policy(lambda: policy(take=paced))
    check_policy(lambda: policy(take=expiring))


@pytest.mark.parametrize("capacity", [0, 10**6], ids=["nothing", "a constant"])
def test_a_capacity_below_what_is_queued_is_noticed(capacity: int) -> None:
    with pytest.raises(ContractBroken, match="at least what is queued"):
        check_policy(lambda: policy(capacity=capacity))
