"""A session without sockets with a policy, compared at each step with plain lists of its messages."""

from collections.abc import Sequence
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from stallsim.server.policies import Admission, Message, Policy, Queue

TICK_S = 0.1
"""Not a binary fraction: differences of times are off by a rounding."""


def size_of(messages: Sequence[Message]) -> int:
    return sum(len(message.frame) for message in messages)


class PolicyAgainstLists(RuleBasedStateMachine):
    """Every message is in exactly one of the lists; an oracle says which, the policy must agree."""

    policies: ClassVar[st.SearchStrategy[Policy]]

    def __init__(self) -> None:
        super().__init__()
        self.queue = Queue()
        self.tick = 0
        self.made: list[Message] = []
        self.made_tick: list[int] = []
        self.queued: list[Message] = []
        self.unsent: list[Message] = []
        """Taken and not wholly in the kernel."""
        self.begun_bytes = 0
        """What the kernel has of the first of these."""
        self.sent: list[Message] = []
        self.evicted: list[Message] = []
        self.rejected: list[Message] = []
        self.refused: list[Message] = []
        """By WAIT or ABORT: as if it had never been made."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.policy = data.draw(self.policies)

    def oracle_offers(self, message: Message) -> Admission:
        """Where the message goes, and what goes for it."""
        raise NotImplementedError

    def oracle_takes(self) -> Message | None:
        return self.queued.pop(0) if self.queued else None

    def held_bytes(self, queued: Sequence[Message]) -> int:
        """What the server would hold if that were queued."""
        return size_of([*self.unsent, *queued]) - self.begun_bytes

    def keep(self, queued: list[Message]) -> None:
        """Queue exactly these; the others are evicted."""
        self.evicted += [message for message in self.queued if message not in queued]
        self.queued = queued

    @rule(size=st.integers(1, 60), key=st.integers(0, 2))
    def offer(self, size: int, key: int) -> None:
        message = Message(len(self.made), bytes(size), key, self.tick * TICK_S)
        self.made.append(message)
        self.made_tick.append(self.tick)
        expected = self.oracle_offers(message)
        if expected in (Admission.WAIT, Admission.ABORT):
            self.refused.append(message)
        assert self.policy.offer(self.queue, message, self.tick * TICK_S) is expected

    @rule(room=st.integers(0, 150), one_buffer=st.booleans())
    def write(self, room: int, one_buffer: bool) -> None:
        """The kernel has that much room: one message after the other, or all that wait at once."""
        while one_buffer or not self.unsent:
            message = self.policy.take(self.queue, self.tick * TICK_S)
            assert message is self.oracle_takes()
            if message is None:
                break
            self.unsent.append(message)
            if not one_buffer:
                room = self.send(room)
        self.send(room)
        while len(self.unsent) > bool(self.begun_bytes):
            message = self.unsent.pop()
            self.queue.put_back(message)
            self.queued.insert(0, message)
        self.queue.started_messages = len(self.unsent)
        self.queue.started_bytes = size_of(self.unsent) - self.begun_bytes

    def send(self, room: int) -> int:
        """The kernel takes what it has room for; the room that is left."""
        while self.unsent and room:
            taken = min(room, len(self.unsent[0].frame) - self.begun_bytes)
            room -= taken
            self.begun_bytes += taken
            if self.begun_bytes == len(self.unsent[0].frame):
                self.sent.append(self.unsent.pop(0))
                self.begun_bytes = 0
        return room

    @rule(ticks=st.integers(1, 6))
    def wait(self, ticks: int) -> None:
        self.tick += ticks

    @invariant()
    def everything_is_where_the_oracle_says(self) -> None:
        assert list(self.queue) == self.queued
        lost = self.evicted + self.rejected
        assert self.queue.stats() == (len(self.queued), size_of(self.queued), len(lost), size_of(lost))
        assert self.queue.evicted_messages == len(self.evicted)

    @invariant()
    def nothing_is_lost_without_a_word(self) -> None:
        places = (self.sent, self.unsent, self.queued, self.evicted, self.rejected, self.refused)
        assert sorted(message for place in places for message in place) == self.made

    @invariant()
    def the_stream_keeps_its_order(self) -> None:
        numbers = [message.number for message in self.sent + self.unsent + self.queued]
        assert numbers == sorted(numbers)
