"""Policies that break the contract of policies, or are at its limits."""

from collections.abc import Callable
from typing import ClassVar

from stallsim.server.policies import Admission, Message, Policy, Queue

Offer = Callable[[Queue, Message, float], Admission]
Take = Callable[[Queue, float], Message | None]


def policy(
    offer: Offer | None = None,
    take: Take | None = None,
    capacity: int | None = None,
    limits: bool = False,
) -> Policy:
    """A policy that queues everything, but for what is given."""

    class Made(Policy, frozen=True):
        """Made by a test."""

        limits: ClassVar[bool]

        def offer(self, queue: Queue, message: Message, now: float) -> Admission:
            return (offer or queued)(queue, message, now)

        def take(self, queue: Queue, now: float) -> Message | None:
            return take(queue, now) if take else super().take(queue, now)

        def capacity_bytes(self, queued_bytes: int) -> int:
            return queued_bytes if capacity is None else capacity

    Made.limits = limits
    return Made()


def queued(queue: Queue, message: Message, _: float) -> Admission:
    queue.push(message)
    return Admission.QUEUED
