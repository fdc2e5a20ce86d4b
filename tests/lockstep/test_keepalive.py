"""Keepalive in scenario time: which Pings were answered, and how late, to the microsecond."""

from stallsim.timeline.events.server import PongLate, PongMissing
from stallsim.timeline.events.what import What
from stallsim.websocket.keepalive import Keepalive


class Said:
    def __init__(self) -> None:
        self.events: list[What] = []

    def __call__(self, what: What) -> None:
        self.events.append(what)


def test_an_answer_in_time_is_not_worth_a_word() -> None:
    said = Said()
    keepalive = Keepalive(said)
    for number in range(10):
        keepalive.pong(keepalive.ping(number * 0.05), number * 0.05 + 0.005)
    assert said.events == []


def test_the_first_unanswered_ping_is_reported_once() -> None:
    said = Said()
    keepalive = Keepalive(said)
    for number in range(5):
        keepalive.ping(number * 0.05)
    assert said.events == [PongMissing(ping=1)]


def test_late_pongs_are_reported_together_with_the_longest_wait() -> None:
    said = Said()
    keepalive = Keepalive(said)
    sent = [keepalive.ping(number * 0.05) for number in range(5)]
    for each in sent:
        keepalive.pong(each, 1.5)
    assert said.events[1:] == [PongLate(pongs=5, after_s=1.5)]


def test_a_pong_answers_all_pings_before_it() -> None:
    said = Said()
    keepalive = Keepalive(said)
    sent = [keepalive.ping(number * 0.05) for number in range(3)]
    keepalive.pong(sent[-1], 0.75)
    assert said.events[1:] == [PongLate(pongs=1, after_s=0.75)]
    keepalive.pong(sent[0], 1.0)  # answered already: means nothing
    keepalive.ping(1.0)
    assert len(said.events) == 2


def test_an_unsolicited_pong_is_ignored() -> None:
    said = Said()
    keepalive = Keepalive(said)
    keepalive.ping(0.0)
    keepalive.pong(b"never sent", 9.0)
    keepalive.ping(0.05)
    assert said.events == [PongMissing(ping=1)]
