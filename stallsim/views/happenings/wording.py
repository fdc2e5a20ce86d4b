"""Parts of sentences."""

from ...units import format_count
from ..clean import clean

_PEER_LIMIT = 160
"""The most characters that are shown of a peer's own words."""


def safe(words: str) -> str:
    """Words that may come from a peer, made safe and short."""
    return clean(words, _PEER_LIMIT)


def number_of(number: int, noun: str) -> str:
    """``1 message``, ``2 messages``."""
    return f"{format_count(number)} {noun}{'' if number == 1 else 's'}"
