"""The contracts' rules about state and docstrings."""

from collections import Counter
from typing import Any

import pytest
from msgspec import field

from stallsim.server.policies import Admission, Message, Policy, Queue
from stallsim.server.policies.unbounded import Unbounded
from stallsim.testing import ContractBroken, check_policy

SEEN: Counter[str] = Counter()


class CountsOutside(Unbounded, frozen=True):
    """Queues the first hundred messages that anybody offers, and no more."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        SEEN["messages"] += 1
        if SEEN["messages"] <= 100:
            return super().offer(queue, message, now)
        queue.drop(message)
        return Admission.REJECTED


class CountsInside(Policy, frozen=True):
    """Keeps a list of what it has seen, and makes nothing of it."""

    seen: list[int] = field(default_factory=list)

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        self.seen.append(message.number)
        queue.push(message)
        return Admission.QUEUED


class OneQueueOnly(Policy, frozen=True):
    """Rejects what is offered to any queue but the one that it met last when that was empty."""

    mine: list[Queue] = field(default_factory=list)

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        if message.number == 0:
            self.mine[:] = [queue]
        if queue is self.mine[0]:
            queue.push(message)
            return Admission.QUEUED
        queue.drop(message)
        return Admission.REJECTED


class Undocumented(Unbounded, frozen=True):
    pass


class UndocumentedAndWrong(CountsInside, frozen=True):
    pass


class Endless(Unbounded, frozen=True):
    __doc__ = "word " * 20


class Thawed(Policy):  # type: ignore[misc]
    """Not frozen."""


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (CountsOutside, "the same sequence must get the same answers"),
        (OneQueueOnly, "serve two queues as if each had its own"),
        (CountsInside, "a policy keeps no state"),
        (UndocumentedAndWrong, "a policy keeps no state"),
        (Undocumented, "Undocumented needs a docstring"),
        (Endless, "may have 99 characters"),
        (dict, "is no Policy"),
    ],
)
def test_is_noticed(kind: Any, words: str) -> None:
    with pytest.raises(ContractBroken, match=words):
        check_policy(kind)
