"""Every policy keeps the contract, and the contract notices every way of breaking it."""

from collections.abc import Callable

import pytest

from stallsim.server.policies import POLICIES
from stallsim.server.policies._base import Admission, Message, Policy, Queue
from stallsim.testing import ContractBroken, check_policy

Offer = Callable[[Queue, Message, float], Admission]
Take = Callable[[Queue, float], Message | None]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", POLICIES.names())
def test_every_policy_keeps_it(name: str, seed: int) -> None:
    check_policy(POLICIES.find(name), seed=seed)


def policy(offer: Offer | None = None, take: Take | None = None, capacity: int | None = None) -> Policy:
    """A policy that queues everything, but for what is given."""

    class Made(Policy, frozen=True):
        """Made by a test."""

        def offer(self, queue: Queue, message: Message, now: float) -> Admission:
            return (offer or queued)(queue, message, now)

        def take(self, queue: Queue, now: float) -> Message | None:
            return take(queue, now) if take else super().take(queue, now)

        def capacity_bytes(self, queued_bytes: int) -> int:
            return queued_bytes if capacity is None else capacity

    return Made()


def queued(queue: Queue, message: Message, _: float) -> Admission:
    queue.push(message)
    return Admission.QUEUED


def answers(admission: Admission, *acts: str) -> Offer:
    """An offer that does these acts to the queue and then answers so, once something is queued."""

    def offer(queue: Queue, message: Message, now: float) -> Admission:
        if len(queue) < 3:
            return queued(queue, message, now)
        for act in acts:
            match act:
                case "push":
                    queue.push(message)
                case "put at the head":
                    queue.put_back(message)
                case "drop":
                    queue.drop(message)
                case "evict":
                    queue.evict()
                case "pop":
                    queue.pop()
                case "evict the new one":
                    queue.push(message)
                    queue.drop(message)
                    queue.clear()
        return admission

    return offer


@pytest.mark.parametrize(
    "offer",
    [
        answers(Admission.EVICTED, "evict", "push"),
        answers(Admission.EVICTED, "evict", "evict", "push"),
        answers(Admission.REJECTED, "drop"),
        answers(Admission.WAIT),
        answers(Admission.ABORT),
    ],
    ids=["drop the oldest", "drop the two oldest", "drop the newest", "wait", "abort"],
)
def test_every_admission_has_a_right_way(offer: Offer) -> None:
    check_policy(lambda: policy(offer))


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        (answers(Admission.QUEUED), "dropped counts say"),
        (answers(Admission.QUEUED, "drop"), "QUEUED"),
        (answers(Admission.QUEUED, "put at the head"), "stays as it is and in its order"),
        (answers(Admission.QUEUED, "push", "drop"), "dropped counts say"),
        (answers(Admission.QUEUED, "evict", "push"), "QUEUED"),
        (answers(Admission.EVICTED, "push"), "EVICTED"),
        (answers(Admission.EVICTED, "pop", "push"), "dropped counts say"),
        (answers(Admission.EVICTED, "evict", "drop"), "EVICTED"),
        (answers(Admission.REJECTED), "dropped counts say"),
        (answers(Admission.REJECTED, "push"), "REJECTED"),
        (answers(Admission.REJECTED, "push", "evict"), "REJECTED"),
        (answers(Admission.WAIT, "push"), "WAIT must leave"),
        (answers(Admission.WAIT, "drop"), "WAIT must leave"),
        (answers(Admission.ABORT, "drop"), "ABORT must leave"),
        (answers(Admission.ABORT, "evict"), "ABORT must leave"),
        (lambda *_: Admission.WAIT, "WAIT must end"),
    ],
)
def test_a_queue_that_disagrees_with_the_answer_is_noticed(offer: Offer, words: str) -> None:
    with pytest.raises(ContractBroken, match=words):
        check_policy(lambda: policy(offer))


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
