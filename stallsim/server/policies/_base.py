"""The base class of send policies: a frozen spec that decides over a queue. No socket, no clock, no trio.

The queue contains the messages that the kernel has not accepted; the session takes from its head. To write
a policy, see CONTRIBUTING.md, 'How to add a policy'.
"""

from enum import Enum
from typing import ClassVar

from ...profile.spec import Spec
from ._queue import Message, Queue, QueueStats

__all__ = ["Admission", "Message", "Policy", "Queue", "QueueStats", "longer"]

_ROUNDING_S = 1e-9


class Admission(Enum):
    """A policy's answer to one offered message."""

    QUEUED = "queued"
    EVICTED = "evicted"
    """Queued, and older messages were dropped for it, which are counted."""
    REJECTED = "rejected"
    """Not queued, and counted as dropped."""
    WAIT = "wait"
    """Not queued and not dropped: the producer must wait, and offers it again."""
    ABORT = "abort"
    """Not queued: the connection is to be aborted."""


class Policy(Spec, frozen=True):
    """A send policy: its fields are its options, ``offer`` and ``take`` are its decisions.

    Both are called when a message is offered and when one can be sent, and at no other time. So a policy
    can act on passed time only then.
    """

    limits: ClassVar[bool] = True
    """Whether the policy bounds what a connection may hold in memory."""
    own_producer: ClassVar[bool] = False
    """Whether each subscriber has a producer of its own, so that WAIT holds up no other subscriber."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        """Decide over one new message, and put it on ``queue`` if the answer is to queue it.

        ``now`` is scenario time in seconds. The queue must agree with the answer
        (``stallsim.testing.check_policy``).
        """
        raise NotImplementedError

    def take(self, queue: Queue, now: float) -> Message | None:
        """The message to send next; None if there is none."""
        return queue.pop()

    def capacity_bytes(self, queued_bytes: int) -> int:
        """Memory that a server with this policy would have allocated for that many queued bytes."""
        return queued_bytes


def longer(elapsed_s: float, limit_s: float) -> bool:
    """Whether more time than the limit has passed; a difference by rounding does not count."""
    return elapsed_s > limit_s + _ROUNDING_S
