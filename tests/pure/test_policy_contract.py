"""Every policy keeps the contract, and the contract detects an ``offer`` that breaks it."""

import pytest

from stallsim.server.policies import POLICIES, Admission, Message, Queue
from stallsim.testing import ContractBroken, check_policy

from .odd_policies import Offer, policy, queued


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", POLICIES.names())
def test_every_policy_keeps_it(name: str, seed: int) -> None:
    check_policy(POLICIES.find(name), seed=seed)


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
                case "start":
                    queue.started_bytes += 1
                case "drop the oldest without evicting":
                    oldest = queue.pop()
                    assert oldest is not None
                    queue.drop(oldest)
                case "evict the newest":
                    queue.evict(list(queue)[-1])
                case "evict the second":
                    queue.evict(list(queue)[1])
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
        answers(Admission.EVICTED, "evict the second", "push"),
        answers(Admission.REJECTED, "drop"),
        answers(Admission.WAIT),
        answers(Admission.ABORT),
    ],
    ids=["drop the oldest", "drop the two oldest", "drop another", "drop the newest", "wait", "abort"],
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
        (answers(Admission.EVICTED, "drop the oldest without evicting", "push"), "evicted counts say"),
        (answers(Admission.REJECTED, "evict the newest", "push"), "REJECTED"),
        (answers(Admission.REJECTED, "push", "evict the newest"), "evicted counts say"),
        (answers(Admission.QUEUED, "push", "start"), "what has been started"),
        (answers(Admission.WAIT, "start"), "WAIT must leave"),
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


def test_a_limit_that_limits_nothing_is_noticed() -> None:
    with pytest.raises(ContractBroken, match="must say limits = False"):
        check_policy(lambda: policy(limits=True))
    check_policy(lambda: policy(answers(Admission.ABORT), limits=True))
