"""Every policy is compared with an oracle, which computes with lists what the policy promises."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, run_state_machine_as_test

from stallsim.server.policies import POLICIES, Admission, Message
from stallsim.server.policies._bounded import Bounded
from stallsim.server.policies.backpressure import Backpressure
from stallsim.server.policies.backpressure_each import BackpressureEach
from stallsim.server.policies.conflate import Conflate
from stallsim.server.policies.deadline import Deadline, Then
from stallsim.server.policies.disconnect import Disconnect
from stallsim.server.policies.drop_newest import DropNewest
from stallsim.server.policies.drop_oldest import DropOldest
from stallsim.server.policies.unbounded import Unbounded

from .policy_machine import TICK_S, PolicyAgainstLists

BYTES, MESSAGES = st.integers(0, 150), st.none() | st.integers(1, 4)


class UnboundedOracle(PolicyAgainstLists):
    policies = st.just(Unbounded())

    def oracle_offers(self, message: Message) -> Admission:
        self.keep([*self.queued, message])
        return Admission.QUEUED


class BackpressureOracle(PolicyAgainstLists):
    policies = st.builds(Backpressure, high_water=BYTES)
    policy: Backpressure

    def oracle_offers(self, message: Message) -> Admission:
        waits = self.held_bytes([*self.queued, message]) > self.policy.high_water
        if waits and (self.queued or self.unsent):
            return Admission.WAIT
        self.keep([*self.queued, message])
        return Admission.QUEUED

    @invariant()
    def the_bound_holds_but_for_one_message(self) -> None:
        alone = len(self.queued) + len(self.unsent) <= 1
        assert alone or self.queue.total_bytes <= self.policy.high_water


class BackpressureEachOracle(BackpressureOracle):
    policies = st.builds(BackpressureEach, high_water=BYTES)


class BoundedOracle(PolicyAgainstLists):
    policy: Bounded

    def within(self, queued: list[Message]) -> bool:
        """Whether the limits would hold with these queued."""
        many = self.policy.limit_messages
        few = many is None or len(self.unsent) + len(queued) <= many
        return few and self.held_bytes(queued) <= self.policy.limit_bytes

    @invariant()
    def the_bounds_hold(self) -> None:
        assert self.queue.total_bytes <= self.policy.limit_bytes
        assert self.policy.limit_messages is None or self.queue.total_messages <= self.policy.limit_messages


class DropOldestOracle(BoundedOracle):
    policies = st.builds(DropOldest, limit_bytes=BYTES, limit_messages=MESSAGES)

    def oracle_offers(self, message: Message) -> Admission:
        """As many of the newest as there is room for, if there is room for the new one."""
        for oldest in range(len(self.queued) + 1):
            kept = [*self.queued[oldest:], message]
            if self.within(kept):
                self.keep(kept)
                return Admission.EVICTED if oldest else Admission.QUEUED
        self.rejected.append(message)
        return Admission.REJECTED


class DropNewestOracle(BoundedOracle):
    policies = st.builds(DropNewest, limit_bytes=BYTES, limit_messages=MESSAGES)

    def oracle_offers(self, message: Message) -> Admission:
        if self.within([*self.queued, message]):
            self.keep([*self.queued, message])
            return Admission.QUEUED
        self.rejected.append(message)
        return Admission.REJECTED


class ConflateOracle(BoundedOracle):
    policies = st.builds(Conflate, limit_bytes=BYTES, limit_messages=MESSAGES)

    def oracle_offers(self, message: Message) -> Admission:
        others = [one for one in self.queued if one.key != message.key]
        superseded = len(others) < len(self.queued)
        if not self.within([*others, message]):
            return Admission.ABORT
        self.keep([*others, message])
        return Admission.EVICTED if superseded else Admission.QUEUED

    @invariant()
    def every_key_is_queued_once(self) -> None:
        keys = [message.key for message in self.queued]
        assert len(keys) == len(set(keys))


class DisconnectOracle(BoundedOracle):
    """Remembers how much was held after every step, and looks back for how long it was too much."""

    policies = st.builds(
        Disconnect,
        limit_bytes=BYTES,
        limit_messages=MESSAGES,
        soft_limit_bytes=st.none() | BYTES,
        soft_time=st.integers(1, 12).map(lambda ticks: ticks * TICK_S),
    )
    policy: Disconnect

    def __init__(self) -> None:
        super().__init__()
        self.held: list[tuple[int, int]] = []

    @invariant()
    def look(self) -> None:
        self.held.append((self.tick, self.held_bytes(self.queued)))

    def over_ticks(self) -> int:
        soft, since = self.policy.soft_limit_bytes, self.tick
        for tick, held in reversed(self.held):
            if soft is None or held <= soft:
                break
            since = tick
        return self.tick - since

    def oracle_offers(self, message: Message) -> Admission:
        if self.over_ticks() > round(self.policy.soft_time / TICK_S):
            return Admission.ABORT
        if not self.within([*self.queued, message]):
            return Admission.ABORT
        self.keep([*self.queued, message])
        return Admission.QUEUED


class DeadlineOracle(PolicyAgainstLists):
    policies = st.builds(
        Deadline,
        after=st.integers(1, 12).map(lambda ticks: ticks * TICK_S),
        then=st.sampled_from(Then),
    )
    policy: Deadline

    def in_time(self, messages: list[Message]) -> list[Message]:
        most = round(self.policy.after / TICK_S)
        return [one for one in messages if self.tick - self.made_tick[one.number] <= most]

    def oracle_offers(self, message: Message) -> Admission:
        waiting = self.unsent + self.queued
        if self.policy.then is Then.DISCONNECT and self.in_time(waiting) != waiting:
            return Admission.ABORT
        kept = self.in_time(self.queued)
        evicts = kept != self.queued
        self.keep([*kept, message])
        return Admission.EVICTED if evicts else Admission.QUEUED

    def oracle_takes(self) -> Message | None:
        if self.policy.then is Then.DROP:
            self.keep(self.in_time(self.queued))
        return super().oracle_takes()


ORACLES = {
    "unbounded": UnboundedOracle,
    "backpressure": BackpressureOracle,
    "backpressure-each": BackpressureEachOracle,
    "drop-oldest": DropOldestOracle,
    "drop-newest": DropNewestOracle,
    "conflate": ConflateOracle,
    "disconnect": DisconnectOracle,
    "deadline": DeadlineOracle,
}


@pytest.mark.parametrize("name", POLICIES.names())
def test_a_policy_does_what_its_oracle_says(name: str) -> None:
    assert name in ORACLES, "a policy needs an oracle here, which says in lists what it promises"
    run_state_machine_as_test(ORACLES[name], settings=settings(stateful_step_count=50))
