"""Removes each client's own name from its messages, so that otherwise equal messages can be compared.

``{"to": "8f14e45f", "price": 17}`` and ``{"to": "c9f0f895", "price": 17}`` report one price. The words
that name a client are found by comparing two streams: they are constant within each stream and differ
between the two.
"""

import re
from collections.abc import Sequence

from ..client.message_log import CUT, HEAD_BYTES

_WORD = re.compile(rb"[0-9A-Za-z_.-]+")
_WORDS_MAX = 40
_MESSAGES_MIN, _NAMES_MAX = 5, 12
_COMPARED_BYTES = HEAD_BYTES - 80
"""Bytes that are compared. Names of different lengths leave different numbers of bytes in the stored
beginnings of messages.
"""


def find_names(witness: Sequence[bytes], stalled: Sequence[bytes]) -> frozenset[int]:
    """Positions of words that are constant within each stream but differ between the two: the client's own
    name. Empty where there are none.
    """
    if min(len(witness), len(stalled)) < _MESSAGES_MIN:
        return frozenset()
    own, other = _constant(witness), _constant(stalled)
    names = {place for place, word in own.items() if place in other and other[place] != word}
    return frozenset(names) if len(names) <= _NAMES_MAX else frozenset()


def without(names: frozenset[int], marks: Sequence[bytes]) -> list[bytes]:
    """The words at the beginning of each message, without those at the positions ``names``."""
    return [
        b" ".join(word for place, word in enumerate(_words(mark)) if place not in names)[:_COMPARED_BYTES]
        for mark in marks
    ]


def _constant(marks: Sequence[bytes]) -> dict[int, bytes]:
    """The words that are the same in all of these messages, by their positions."""
    constant = dict(enumerate(_words(marks[0])[:_WORDS_MAX]))
    for mark in marks[1:]:
        words = _words(mark)
        constant = {
            place: word for place, word in constant.items() if place < len(words) and words[place] == word
        }
    return constant


def _words(mark: bytes) -> list[bytes]:
    return _WORD.findall(mark.partition(CUT)[0][:HEAD_BYTES])
