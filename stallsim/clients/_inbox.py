"""What a client finds in the messages that it reads: which are absent, and how old the others are."""

from ..stamp import STAMP_BYTES, Stamp, unpack


class Inbox:
    """Counts messages and checks their numbers. The stream is in order, so a number that was passed
    over will not come.
    """

    def __init__(self) -> None:
        self.messages = 0
        self.missing_messages = 0
        self.latency_us = -1
        """The longest since ``look``; -1: nothing was read."""
        self._last = -1
        self._head = bytearray()

    def feed(self, data: bytes | bytearray, *, finished: bool, now: float) -> None:
        """A part of a message's payload, in order; ``finished``: the last one. ``now`` in s."""
        head: bytes | bytearray = data
        if self._head or not finished:  # in parts; else the message is here as a whole
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
        """The longest latency since the last look, in us."""
        latency, self.latency_us = self.latency_us, -1
        return latency

    def _note(self, stamp: Stamp, now: float) -> None:
        if 0 <= self._last < stamp.number:
            self.missing_messages += stamp.number - self._last - 1
        self._last = stamp.number
        self.latency_us = max(self.latency_us, round(now * 1e6) - stamp.made_us)
