"""A running number inside the messages of a stream that we did not make, found by looking.

Each client of a server may be given messages of its own (its name, a time in them), and still a number
that counts up says whether one is missing. Times do not pass for one: they do not count evenly.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_DIGITS = re.compile(rb"[0-9]+")
_FIELDS = (*range(24), -1, -2, -3, -4)
"""Runs of digits, counted from the beginning of a message; negative, from its end."""
_OFFSETS = 32
_WIDTHS = (8, 4, 2)
_DIGITS_MAX = 18
MESSAGES_MIN = 8
"""Fewer messages could count up by chance."""
MESSAGES_LOOKED_AT = 100


class Numbering(NamedTuple):
    """Where the number is, and by how much it grows with each message."""

    text_field: int | None
    """The how-manyeth run of digits, as an index; None: a binary number."""
    offset: int
    width: int
    little: bool
    stride: int

    def read(self, mark: bytes) -> int:
        """A message's number, from its two ends; -1 where there is none."""
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


def find_numbering(marks: Sequence[bytes]) -> Numbering | None:
    """The first place where every message has a number, and each the one before it plus a constant."""
    recent = marks[-MESSAGES_LOOKED_AT:]
    if len(recent) < MESSAGES_MIN:
        return None
    candidates = [Numbering(field, 0, 0, False, 0) for field in _FIELDS]
    candidates += [
        Numbering(None, offset, width, little, 0)
        for width in _WIDTHS
        for offset in range(_OFFSETS)
        for little in (False, True)
    ]
    for candidate in candidates:
        first, second = candidate.read(recent[0]), candidate.read(recent[1])
        stride = second - first
        if first < 0 or stride <= 0 or stride > 2**16:
            continue
        if all(candidate.read(mark) == first + stride * index for index, mark in enumerate(recent)):
            return candidate._replace(stride=stride)
    return None
