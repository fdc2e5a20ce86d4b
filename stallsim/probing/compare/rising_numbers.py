"""Finds the numbers and times in messages that rise from message to message, and removes them.

What is left is content that was fixed when a message was made. A number may also be counted, and a time may
be read, when a message is sent.
"""

import re
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice, pairwise

from .sequence_numbers import find_numbering

_NUMBER = re.compile(rb"[0-9]+(?:[-:.T][0-9]+)*")
"""A whole number, one with a fraction, or a date with its time (ISO 8601)."""
_FIELDS_MAX = 24
_DIGITS_MAX = 20
_BINARY_BYTES = 40
"""Bytes at the beginning of a binary message that may be numbers and times."""


def rising_fields(marks: Sequence[bytes]) -> frozenset[int]:
    """The positions of the numbers that never fall in these messages and are not all equal, counted from
    the beginning of a message.
    """
    rows = [[found[0] for found in islice(_NUMBER.finditer(mark), _FIELDS_MAX)] for mark in marks]
    columns = zip(*rows, strict=False)  # as many as the message with the fewest has
    return frozenset(place for place, column in enumerate(columns) if _rises(column))


def number_at(field: int, mark: bytes) -> float | None:
    """The number at this position, or a date as its seconds; None if there is none."""
    found = next(islice(_NUMBER.finditer(mark), field, None), None)
    if found is None or len(found[0]) > 2 * _DIGITS_MAX:
        return None
    text = found[0].decode()
    with suppress(ValueError):
        return float(text)
    with suppress(ValueError):
        return datetime.fromisoformat(text).timestamp()
    return None


def content_reader(*streams: Sequence[bytes]) -> Callable[[bytes], bytes] | None:
    """A function that removes from a message the numbers that rise in each of these streams; None if none
    does.
    """
    fields = frozenset.intersection(*map(rising_fields, streams))
    if fields:
        return lambda mark: _without(fields, mark)
    found = [find_numbering(marks) for marks in streams]
    if all(one is not None and one.text_field is None for one in found):
        return lambda mark: mark[_BINARY_BYTES:]
    return None


def _without(fields: Collection[int], mark: bytes) -> bytes:
    places, count = iter(range(len(mark))), max(fields) + 1
    return _NUMBER.sub(lambda found: b"" if next(places) in fields else found[0], mark, count=count)


def _rises(numbers: Sequence[bytes]) -> bool:
    values = [_value(one) for one in numbers]
    return values[0] != values[-1] and all(earlier <= later for earlier, later in pairwise(values))


def _value(number: bytes) -> tuple[tuple[int, ...], bytes]:
    """A value that is compared as the number or the date is."""
    whole, _, fraction = number.partition(b".")
    return tuple(int(part[-_DIGITS_MAX:]) for part in re.split(rb"[-:T]", whole)), fraction
