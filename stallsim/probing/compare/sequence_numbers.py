"""Finds a sequence number inside the messages of a stream by comparing messages.

Each client of a server may receive messages of its own (with its name or a time in them). A number that
counts up still shows whether a message is missing. A time is not mistaken for such a number, since times
do not rise evenly.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..client.message_log import MessageLog

_DIGITS = re.compile(rb"[0-9]+")
_FIELDS = (*range(24), -1, -2, -3, -4)
"""The runs of digits that are tried, counted from the beginning of a message; negative ones from its end.
"""
_OFFSETS = 32
_WIDTHS = (8, 4, 2)
_DIGITS_MAX = 18
MESSAGES_MIN = 8
"""A count of fewer messages could rise evenly by chance."""
MESSAGES_LOOKED_AT = 100


class Numbering(NamedTuple):
    """Where in a message the number is, and by how much it rises from message to message."""

    text_field: int | None
    """The index of the run of digits; None: the number is binary."""
    offset: int
    width: int
    little: bool
    stride: int

    def read(self, mark: bytes) -> int:
        """The number in a message's mark; -1 if there is none."""
        if self.text_field is not None:
            digits = _DIGITS.findall(mark)
            inside = -len(digits) <= self.text_field < len(digits)
            found = digits[self.text_field] if inside else b""
            return int(found) if 0 < len(found) <= _DIGITS_MAX else -1
        field = mark[self.offset : self.offset + self.width]
        if len(field) < self.width:
            return -1
        number = int.from_bytes(field, "little" if self.little else "big")
        return number if number < 2**63 else -1

    def without(self, mark: bytes) -> bytes:
        """The mark without this number."""
        if self.text_field is None:
            return mark[: self.offset] + mark[self.offset + self.width :]
        runs = list(_DIGITS.finditer(mark))
        if not -len(runs) <= self.text_field < len(runs):
            return mark
        begin, end = runs[self.text_field].span()
        return mark[:begin] + mark[end:]


def possible_numberings() -> Iterator[Numbering]:
    """All places where a number may be, with the stride not yet known (0)."""
    yield from (Numbering(field, 0, 0, False, 0) for field in _FIELDS)
    for width in _WIDTHS:
        for offset in range(_OFFSETS):
            yield from (Numbering(None, offset, width, little, 0) for little in (False, True))


def find_numbering(marks: Sequence[bytes]) -> Numbering | None:
    """The first place where every message has a number that exceeds the one before by a constant; None if
    there is none.
    """
    recent = marks[-MESSAGES_LOOKED_AT:]
    if len(recent) < MESSAGES_MIN:
        return None
    for candidate in possible_numberings():
        first, second = candidate.read(recent[0]), candidate.read(recent[1])
        stride = second - first
        if first < 0 or stride <= 0 or stride > 2**16:
            continue
        if all(candidate.read(mark) == first + stride * index for index, mark in enumerate(recent)):
            return candidate._replace(stride=stride)
    return None


def recent_marks(log: MessageLog, stall: int) -> list[bytes]:
    """Marks of the latest messages before the stall; of the first messages if the client had read none by
    then.
    """
    before = log.marks(stall - MESSAGES_LOOKED_AT, stall)
    return before or log.marks(0, MESSAGES_LOOKED_AT)
