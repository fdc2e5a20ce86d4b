"""Each policy's decisions, one case per row: the offers with their times, the answers, the queue."""

from typing import NamedTuple

import pytest

from stallsim.server.policies import POLICIES, Message, Policy, Queue
from stallsim.server.policies.backpressure import Backpressure
from stallsim.server.policies.backpressure_each import BackpressureEach
from stallsim.server.policies.conflate import Conflate
from stallsim.server.policies.deadline import Deadline, Then
from stallsim.server.policies.disconnect import Disconnect
from stallsim.server.policies.drop_newest import DropNewest
from stallsim.server.policies.drop_oldest import DropOldest


class Offered(NamedTuple):
    size: int
    key: int = 0
    at_s: float = 0.0


def offer_all(policy: Policy, queue: Queue, *offers: Offered) -> str:
    """The answers' initials."""
    answers = ""
    for number, (size, key, at_s) in enumerate(offers):
        answers += policy.offer(queue, Message(number, bytes(size), key, at_s), at_s).name[0]
    return answers


def kept(queue: Queue) -> list[int]:
    return [message.number for message in queue]


SIZES = [Offered(size) for size in (40, 40, 20, 1, 60, 101, 100)]


@pytest.mark.parametrize(
    ("policy", "answers", "numbers"),
    [
        (Backpressure(high_water=100), "QQQWWWW", [0, 1, 2]),
        (BackpressureEach(high_water=100), "QQQWWWW", [0, 1, 2]),
        (DropOldest(limit_bytes=100), "QQQEERE", [6]),
        (DropOldest(limit_bytes=100, limit_messages=2), "QQEEERE", [6]),
        (DropNewest(limit_bytes=100), "QQQRRRR", [0, 1, 2]),
        (DropNewest(limit_bytes=1000, limit_messages=2), "QQRRRRR", [0, 1]),
        (DropNewest(limit_bytes=0), "RRRRRRR", []),
        (Disconnect(limit_bytes=100), "QQQAAAA", [0, 1, 2]),
        (Disconnect(limit_bytes=1000, limit_messages=1), "QAAAAAA", [0]),
        (Conflate(limit_bytes=100), "QEEEEAE", [6]),
    ],
    ids=repr,
)
def test_a_limit(policy: Policy, answers: str, numbers: list[int]) -> None:
    queue = Queue()
    assert offer_all(policy, queue, *SIZES) == answers
    assert kept(queue) == numbers


@pytest.mark.parametrize(
    ("policy", "answers"),
    [
        (Backpressure(high_water=100), "W"),
        (DropOldest(limit_bytes=100), "R"),
        (DropNewest(limit_bytes=100), "R"),
        (Conflate(limit_bytes=100), "A"),
        (Disconnect(limit_bytes=100), "A"),
        (DropOldest(limit_bytes=1000, limit_messages=1), "R"),
        (Conflate(limit_bytes=1000, limit_messages=1), "A"),
    ],
    ids=repr,
)
def test_what_has_been_started_cannot_make_room(policy: Policy, answers: str) -> None:
    queue = Queue()
    queue.started_bytes, queue.started_messages = 61, 1
    assert offer_all(policy, queue, Offered(40)) == answers
    assert kept(queue) == []


def test_nothing_is_evicted_for_a_message_that_does_not_fit() -> None:
    queue = Queue()
    queue.started_bytes, queue.started_messages = 50, 1
    assert offer_all(DropOldest(limit_bytes=100), queue, Offered(30), Offered(51), Offered(20)) == "QRQ"
    assert kept(queue) == [0, 2]


def test_conflating_keeps_the_newest_of_each_key_in_the_order_of_the_stream() -> None:
    queue = Queue()
    keys = [Offered(10, key) for key in (1, 2, 3, 1, 3, 4)]
    assert offer_all(Conflate(), queue, *keys) == "QQQEEQ"
    assert kept(queue) == [1, 3, 4, 5]
    assert (queue.dropped_messages, queue.evicted_messages) == (2, 2)


def test_a_larger_message_may_take_the_place_of_the_one_that_it_supersedes() -> None:
    queue = Queue()
    offers = Offered(60, 1), Offered(40, 2), Offered(61, 1), Offered(60, 1), Offered(1, 3)
    assert offer_all(Conflate(limit_bytes=100), queue, *offers) == "QQAEA"
    assert kept(queue) == [1, 3]


@pytest.mark.parametrize(
    ("offers", "answers"),
    [
        ([Offered(50), Offered(1, 0, 1.0), Offered(1, 0, 3.0), Offered(1, 0, 3.1)], "QQQA"),
        ([Offered(50), Offered(1, 0, 9.0), Offered(1, 0, 11.0), Offered(1, 0, 11.1)], "QQQA"),
        ([Offered(51), Offered(1, 0, 2.0), Offered(1, 0, 2.1)], "QQA"),
        ([Offered(50), Offered(0, 0, 9.0), Offered(0, 0, 99.0)], "QQQ"),
        ([Offered(51), Offered(50, 0, 1.0)], "QA"),
    ],
    ids=["over from the second on", "however late that is", "at once", "at the limit", "hard"],
)
def test_a_soft_limit_may_be_exceeded_for_a_time(offers: list[Offered], answers: str) -> None:
    policy = Disconnect(limit_bytes=100, soft_limit_bytes=50, soft_time=2.0)
    assert offer_all(policy, Queue(), *offers) == answers


def test_a_queue_that_falls_to_its_soft_limit_starts_afresh() -> None:
    policy, queue = Disconnect(soft_limit_bytes=50, soft_time=2.0), Queue()
    assert offer_all(policy, queue, Offered(30), Offered(30, 0, 1.0)) == "QQ"
    policy.take(queue, 2.0)
    queue.started_bytes, queue.started_messages = 20, 1
    offers = Offered(10, 0, 3.0), Offered(1, 0, 5.0), Offered(1, 0, 5.1)
    assert offer_all(policy, queue, *offers) == "QQA"


def test_the_unsent_rest_of_a_started_message_counts_for_the_soft_limit() -> None:
    policy, queue = Disconnect(soft_limit_bytes=50, soft_time=2.0), Queue()
    queue.started_bytes, queue.started_messages = 51, 1
    assert offer_all(policy, queue, Offered(10, 0, 1.0), Offered(10, 0, 2.1)) == "QA"


def test_disconnect_at_the_deadline_of_the_oldest_even_when_it_has_been_started() -> None:
    policy, queue = Deadline(after=1.0), Queue()
    assert offer_all(policy, queue, Offered(10), Offered(10, 0, 1.0)) == "QQ"
    policy.take(queue, 1.0)
    queue.started_bytes, queue.started_messages = 5, 1
    assert offer_all(policy, queue, Offered(10, 0, 1.1)) == "A"
    queue.started_bytes = queue.started_messages = 0
    assert offer_all(policy, queue, Offered(10, 0, 1.1)) == "Q"


def test_what_has_expired_is_neither_kept_nor_sent() -> None:
    policy, queue = Deadline(after=1.0, then=Then.DROP), Queue()
    offers = Offered(10), Offered(10, 0, 0.5), Offered(10, 0, 1.0), Offered(10, 0, 1.1)
    assert offer_all(policy, queue, *offers) == "QQQE"
    assert kept(queue) == [1, 2, 3]
    taken = policy.take(queue, 1.6)
    assert taken is not None
    assert (taken.number, queue.evicted_messages) == (2, 2)
    assert policy.take(queue, 9.0) is None
    assert (len(queue), queue.evicted_messages, queue.dropped_messages) == (0, 3, 3)


def test_a_started_message_is_sent_however_late() -> None:
    policy, queue = Deadline(after=1.0, then=Then.DROP), Queue()
    offer_all(policy, queue, Offered(10))
    policy.take(queue, 0.0)
    queue.started_bytes, queue.started_messages = 5, 1
    assert offer_all(policy, queue, Offered(10, 0, 60.0)) == "Q"
    assert (queue.dropped_messages, queue.started_bytes) == (0, 5)


def test_every_policy_states_its_limit_and_its_producer() -> None:
    own = {name for name in POLICIES.names() if POLICIES.find(name).own_producer}
    limitless = {name for name in POLICIES.names() if not POLICIES.find(name).limits}
    assert (own, limitless) == ({"backpressure-each"}, {"unbounded"})
