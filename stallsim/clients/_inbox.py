"""Checks the messages that a client reads: which are missing, and how old the others are."""

from ..stamp import STAMP_BYTES, Stamp, unpack


class Inbox:
    """Counts messages and checks their numbers. The stream is in order, so a skipped number
    will not come.
    """

    def __init__(self) -> None:
        self.messages = 0
        self.missing_messages = 0
        self.latency_us = -1
        """The longest latency since ``look``, in us; -1: no message was read."""
        self._last = -1
        self._head = bytearray()

    def feed(self, data: bytes | bytearray, *, finished: bool, now: float) -> None:
        """Add the next part of a message's payload; ``finished``: it is the last part. ``now``: scenario
        time in seconds.
        """
        head: bytes | bytearray = data
        if self._head or not finished:  # the message comes in parts
            self._head += data[: STAMP_BYTES - len(self._head)]
            head = self._head
        if not finished:
            return
        self.messages += 1
        stamp = unpack(head)
        if self._head:
            self._head = bytearray()
        if stamp is not None:
            self._note(stamp, now)

    def look(self) -> int:
        """The longest latency since the last call, in us; -1: no message was read."""
        latency, self.latency_us = self.latency_us, -1
        return latency

    def _note(self, stamp: Stamp, now: float) -> None:
        if 0 <= self._last < stamp.number:
            self.missing_messages += stamp.number - self._last - 1
        self._last = stamp.number
        self.latency_us = max(self.latency_us, round(now * 1e6) - stamp.made_us)
