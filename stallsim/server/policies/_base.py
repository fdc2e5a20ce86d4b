"""What a send policy is: a frozen spec that decides over a queue. No socket, no clock, no trio.

The queue holds the messages that the kernel has not yet taken; the session takes from its head. To
write a policy, see CONTRIBUTING.md, 'How to add a policy'.
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
    """Queued, at the price of older ones, which are counted as dropped."""
    REJECTED = "rejected"
    """Not queued, and counted as dropped."""
    WAIT = "wait"
    """Not queued, not dropped: the producer is made to wait, and offers it again."""
    ABORT = "abort"
    """Not queued: the connection is to be aborted."""


class Policy(Spec, frozen=True):
    """A send policy: its fields are its options, ``offer`` and ``take`` are its decisions.

    It is asked when a message is offered and when one can be sent, and at no other time: what it
    does for time that has passed, it does then.
    """

    limits: ClassVar[bool] = True
    """Whether it bounds what a connection may hold in memory."""
    own_producer: ClassVar[bool] = False
    """Whether each subscriber has a producer of its own, so that WAIT holds nobody else up."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        """Decide over one new message, and put it on ``queue`` if the answer says so.

        ``now`` is scenario time in seconds. The queue must agree with the answer
        (``stallsim.testing.check_policy``).
        """
        raise NotImplementedError

    def take(self, queue: Queue, now: float) -> Message | None:
        """What to send next; None where there is nothing."""
        return queue.pop()

    def capacity_bytes(self, queued_bytes: int) -> int:
        """Memory that a server with this policy would have allocated for that many queued bytes."""
        return queued_bytes


def longer(elapsed_s: float, limit_s: float) -> bool:
    """Whether more time has passed than the limit; the rounding of a difference is no time."""
    return elapsed_s > limit_s + _ROUNDING_S
