"""Finds the rhythm of a stream: steady, one message per second, or bursts with pauses between them."""

from itertools import pairwise
from statistics import median

from msgspec import Struct

from ...timeline.probed.stall_record import Rhythm

_PAUSE_S = 0.15
"""Seconds. Messages with shorter pauses between them are one burst; a stream without longer pauses is
steady. If every look found messages, the looks are late, and the stream may not have paused.
"""
_PONG_BYTES = 16
"""If no message came with them, this many bytes or fewer may be an unread Pong."""
_BURSTS_MIN = 3
"""The number of bursts whose beginnings enclose two whole periods."""
_CATCH_UP = 3.0
"""A stream began with a catch-up if its first half has more than this many times the bytes
of its second.
"""
_STEADY_MIN = 20
"""The messages that the second half must have for that."""


class Received(Struct, frozen=True):
    """The bytes and messages that came between two looks."""

    at_s: float
    given_bytes: int
    messages: int


class Arrivals:
    """Collects the looks at a stream, in order."""

    def __init__(self) -> None:
        self._came: list[Received] = []
        self._begins: list[int] = []
        """The index of the first arrival of each burst."""
        self.at_s = 0.0
        self._found_nothing = True

    def look(self, at_s: float, given_bytes: int, messages: int) -> None:
        """Add a look: what has come since the look before."""
        self.at_s = at_s
        if given_bytes <= _PONG_BYTES and not messages:
            self._found_nothing = True
            return
        paused = not self._came or (self._found_nothing and at_s - self._came[-1].at_s > _PAUSE_S)
        if paused and given_bytes:  # without new bytes, this program only read earlier ones
            self._begins.append(len(self._came))
        self._found_nothing = False
        self._came.append(Received(at_s, given_bytes, messages))

    @property
    def messages(self) -> int:
        """The number of messages in all arrivals."""
        return sum(one.messages for one in self._came)

    @property
    def idle_s(self) -> float:
        """Seconds since the last arrival, or since the beginning."""
        return self.at_s - (self._came[-1].at_s if self._came else 0.0)

    @property
    def pauses(self) -> list[float]:
        """The pauses in seconds, each from the end of a burst to the beginning of the next."""
        return [self._came[begin].at_s - self._came[begin - 1].at_s for begin in self._begins[1:]]

    @property
    def in_bursts(self) -> bool:
        """Whether the stream pauses for most of the time, and not only when the machine is busy."""
        return sum(self.pauses) > self.at_s / 2

    @property
    def periods_seen(self) -> bool:
        """Whether there were enough bursts to predict the next one."""
        return self.in_bursts and len(self._begins) >= _BURSTS_MIN

    @property
    def _begins_with_more(self) -> bool:
        """Whether the first burst also contains the rest of what the server sends on joining."""
        begins = self._begins
        bursts = [sum(one.given_bytes for one in self._came[begin:end]) for begin, end in pairwise(begins)]
        return len(bursts) > 1 and bursts[0] > _CATCH_UP * max(bursts[1:])

    def rhythm(self) -> Rhythm:
        """The rhythm of these arrivals."""
        begins = [self._came[begin].at_s for begin in self._begins]
        if not self.periods_seen:
            return Rhythm(messages=self.messages / self.at_s if self.at_s and not self.in_bursts else 0.0)
        every_s = median(later - earlier for earlier, later in pairwise(begins))
        whole = self._came[self._begins[0] : self._begins[-1]]
        return Rhythm(every_s=every_s, messages=sum(one.messages for one in whole) / (len(begins) - 1))

    def bytes_per_s(self) -> float:
        """The rate over whole periods. The catch-up at the beginning of a steady stream is left out."""
        if not self._came or not self.at_s:
            return 0.0
        if self.periods_seen:
            begins = self._begins[1:] if self._begins_with_more else self._begins
            first, last = self._came[begins[0]], self._came[begins[-1]]
            whole = self._came[begins[0] : begins[-1]]
            return sum(one.given_bytes for one in whole) / (last.at_s - first.at_s)
        later = [one for one in self._came if one.at_s > self.at_s / 2]
        second = sum(one.given_bytes for one in later)
        total = sum(one.given_bytes for one in self._came)
        steady = sum(one.messages for one in later) >= _STEADY_MIN
        if steady and total - second > _CATCH_UP * second:
            return second / (self.at_s / 2)
        return total / self.at_s
