"""Messages that are the same for all but for what names the client: its own name in them is left out.

``{"to": "8f14e45f", "price": 17}`` and ``{"to": "c9f0f895", "price": 17}`` tell of one price. Which words
name a client shows from two streams side by side: constant in each, and not the same in both.
"""

import re
from collections.abc import Sequence

from ..client.message_log import CUT, HEAD_BYTES

_WORD = re.compile(rb"[0-9A-Za-z_.-]+")
_WORDS_MAX = 40
_MESSAGES_MIN, _NAMES_MAX = 5, 12
_COMPARED_BYTES = HEAD_BYTES - 80
"""Behind names of different lengths, less of one message's head may be left than of the other's."""


def find_names(witness: Sequence[bytes], stalled: Sequence[bytes]) -> frozenset[int]:
    """The how-manyeth words name the client, by the marks of messages of both; empty where none do."""
    if min(len(witness), len(stalled)) < _MESSAGES_MIN:
        return frozenset()
    own, other = _constant(witness), _constant(stalled)
    names = {place for place, word in own.items() if place in other and other[place] != word}
    return frozenset(names) if len(names) <= _NAMES_MAX else frozenset()


def without(names: frozenset[int], marks: Sequence[bytes]) -> list[bytes]:
    """What the heads of these messages say beside the names."""
    return [
        b" ".join(word for place, word in enumerate(_words(mark)) if place not in names)[:_COMPARED_BYTES]
        for mark in marks
    ]


def _constant(marks: Sequence[bytes]) -> dict[int, bytes]:
    """The words that are the same in all of these messages, by their places."""
    constant = dict(enumerate(_words(marks[0])[:_WORDS_MAX]))
    for mark in marks[1:]:
        words = _words(mark)
        constant = {
            place: word for place, word in constant.items() if place < len(words) and words[place] == word
        }
    return constant


def _words(mark: bytes) -> list[bytes]:
    return _WORD.findall(mark.partition(CUT)[0][:HEAD_BYTES])
