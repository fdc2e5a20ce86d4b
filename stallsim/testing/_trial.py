"""One policy over one queue, step by step, and what must be true of the queue after each step."""

from copy import deepcopy
from typing import NamedTuple

from ..server.policies._base import Admission, Message, Policy, Queue
from ._contract import require


class Step(NamedTuple):
    """One step of a script: ``offer``, ``take``, or ``take`` and put back, ``after_s`` later."""

    act: str
    after_s: float
    frame_bytes: int


class Trial:
    """Plays a script and keeps every answer: the same script must give the same answers."""

    def __init__(self, policy: Policy) -> None:
        self._policy, self._queue = policy, Queue()
        self.answers: list[object] = []
        self._now = 0.0
        self._made = 0
        self._last_taken = -1
        self._waiting: Message | None = None
        self._pushed_bytes = self._popped_bytes = 0
        self._pushed = self._popped = 0

    def play(self, step: Step) -> None:
        """One step, and the laws that hold after every one."""
        self._now += step.after_s
        if step.act == "offer":
            self._offer(step.frame_bytes)
        else:
            self._take(put_back=step.act == "put back")
        stats = self._queue.stats()
        self.answers.append(stats)
        self._check_conserved()

    def finish(self) -> None:
        """With time and a peer that reads, everything is admitted and everything goes out."""
        for patience in range(len(self._queue) + 1):
            self._now += 3600.0
            if not len(self._queue):
                break
            self._take(put_back=False)
            require(patience < 1 or self.answers[-1] is not None or not len(self._queue),
                    "take must give what is queued, however long it has waited")  # fmt: skip
        require(not len(self._queue), "take must empty the queue in the end")
        require(self._policy.take(self._queue, self._now) is None, "take on an empty queue gives None")
        if self._waiting is not None:
            admission = self._policy.offer(self._queue, self._waiting, self._now)
            require(admission is not Admission.WAIT, "WAIT must end once the queue is empty")
