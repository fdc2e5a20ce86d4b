"""When a connection is called stalled: the one rule for that word. The kernel decides it; the rule is a
pure function.
"""

from collections.abc import Callable
from typing import NamedTuple

from ..phases import SamplePair
from ..timeline.sample import Sample

_SEGMENT_MIN_BYTES = 536
"""No network has segments that are smaller by default (RFC 9293 3.7.1)."""


class Evidence(NamedTuple):
    """One way in which the kernel confirms a stall."""

    name: str
    shows: Callable[[SamplePair], bool]


def _not_delivered(step: SamplePair) -> bool:
    """Bytes have left the server, the client's kernel has not got them, and nothing moves: a delayed
    acknowledgement is no sign of that, since what it is for has arrived.
    """
    moves = step.grew("acked_bytes") or step.grew("received_bytes")
    return step.now.inflight_bytes > 0 and step.now.undelivered_bytes > 0 and not moves


def _window_shut(step: SamplePair) -> bool:
    """By the server's kernel; where that cannot be seen, by the window that the client's advertises."""
    now = step.now
    hidden = now.rcv_wnd_bytes >= 0
    return now.window_shut or (hidden and now.rcvq_bytes > 0 and now.rcv_wnd_bytes < _SEGMENT_MIN_BYTES)


EVIDENCE = (
    Evidence("window shut", _window_shut),
    Evidence("nothing acknowledged", _not_delivered),
    Evidence("unread bytes grow", lambda step: step.grew("rcvq_bytes") and not step.grew("read_bytes")),
)


def stall_evidence(before: Sample, now: Sample) -> str | None:
    """The kernel's evidence that this connection is stalled, or None where there is none."""
    if not (now.outq_bytes or now.rcvq_bytes):
        return None
    step = SamplePair(before, now)
    return next((evidence.name for evidence in EVIDENCE if evidence.shows(step)), None)


class Confirmation:
    """Whether one connection is stalled, sample after sample.

    One sample with evidence may only have caught the client before its turn, so it takes two. A sample
    at which nothing has moved since the one before (nothing was sent, nothing was read) says neither yes
    nor no: where a message comes every few ticks, unread bytes grow every few ticks.
    """

    def __init__(self) -> None:
        self.stalled = False
        """Confirmed, and the client has not been seen to read since."""
        self._evidence = False
        self._resumed = False

    def look(self, before: Sample, now: Sample) -> str | None:
        """The evidence with which a stall is confirmed at this sample; None where none begins."""
        evidence = stall_evidence(before, now)
        reads = now.read_bytes != before.read_bytes
        if evidence is None or (self._resumed and reads):
            self._evidence = self._evidence and not reads and now.rcvq_bytes > 0
            self.stalled = self.stalled and not reads
            return None
        begins = self._evidence and not self.stalled
        self._resumed = self._resumed and not begins
        self._evidence, self.stalled = True, self.stalled or begins
        return evidence if begins else None

    def resumes(self) -> None:
        """The client reads what has waited: the stall is over. A window that is still shut is evidence of
        another one only where the client reads no more.
        """
        self.stalled = self._evidence = False
        self._resumed = True
