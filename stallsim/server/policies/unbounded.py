"""A policy without a limit, which is a bug: everything that the kernel does not accept is
kept in memory.
"""

from typing import Annotated, ClassVar

from msgspec import Meta

from ._base import Admission, Message, Policy, Queue


class Unbounded(Policy, frozen=True):
    """Queue every message without a limit, as many servers do by default.

    Mongoose appends to one buffer whose capacity is a multiple of 2,048; ``granularity`` models that.
    """

    limits: ClassVar[bool] = False

    granularity: Annotated[int, Meta(ge=1, le=2**30)] = 1
    """The server's one buffer grows in steps of this many bytes."""

    def offer(self, queue: Queue, message: Message, now: float) -> Admission:
        queue.push(message)
        return Admission.QUEUED

    def capacity_bytes(self, queued_bytes: int) -> int:
        return -(-queued_bytes // self.granularity) * self.granularity
