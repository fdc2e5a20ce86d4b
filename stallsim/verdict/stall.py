"""The one rule for calling a connection *stalled*. The kernel's readings decide; the rule is a pure
function.
"""

from collections.abc import Callable
from typing import NamedTuple

from ..phases import SamplePair
from ..timeline.sample import Sample

_SEGMENT_MIN_BYTES = 536
"""The smallest default segment of a network (RFC 9293 3.7.1)."""


class Evidence(NamedTuple):
    """One way in which the kernel confirms a stall."""

    name: str
    shows: Callable[[SamplePair], bool]


def _not_delivered(step: SamplePair) -> bool:
    """Whether bytes that the server has sent have not reached the client's kernel, and nothing moves. A
    delayed acknowledgement is no such evidence, since its bytes have arrived.
    """
    moves = step.grew("acked_bytes") or step.grew("received_bytes")
    return step.now.inflight_bytes > 0 and step.now.undelivered_bytes > 0 and not moves


def _window_shut(step: SamplePair) -> bool:
    """Whether the window is shut: as the server's kernel reports it, or, if that cannot be read, by the
    window that the client's kernel announces.
    """
    now = step.now
    hidden = now.rcv_wnd_bytes >= 0
    return now.window_shut or (hidden and now.rcvq_bytes > 0 and now.rcv_wnd_bytes < _SEGMENT_MIN_BYTES)


EVIDENCE = (
    Evidence("window shut", _window_shut),
    Evidence("nothing acknowledged", _not_delivered),
    Evidence("unread bytes grow", lambda step: step.grew("rcvq_bytes") and not step.grew("read_bytes")),
)


def stall_evidence(before: Sample, now: Sample) -> str | None:
    """The kernel's evidence that this connection is stalled; None if there is none."""
    if not (now.outq_bytes or now.rcvq_bytes):
        return None
    step = SamplePair(before, now)
    return next((evidence.name for evidence in EVIDENCE if evidence.shows(step)), None)


class Confirmation:
    """Confirms, from sample to sample, whether one connection is stalled.

    One sample with evidence may only show the client before its turn, so two are required. A sample at
    which nothing has moved since the one before (nothing sent, nothing read) neither confirms nor refutes:
    if a message comes every few ticks, unread bytes grow only every few ticks.
    """

    def __init__(self) -> None:
        self.stalled = False
        """Whether the stall is confirmed, and the client has not read since."""
        self._evidence = False
        self._resumed = False

    def look(self, before: Sample, now: Sample) -> str | None:
        """The evidence that confirms a stall at this sample; None if no stall begins here."""
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
        """End the stall, since the client reads what has waited. A window that is still shut counts as
        evidence of another stall only once the client stops reading.
        """
        self.stalled = self._evidence = False
        self._resumed = True
