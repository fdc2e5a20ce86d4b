"""``--fail-on stalled:10s,orphan``: the words that are a failure, and after which time."""

from collections.abc import Sequence
from typing import NamedTuple

from ..errors import OptionError, suggest
from ..kinds import TROUBLE, Word
from ..timeline.watched import Snapshot
from ..units import format_seconds, parse_seconds


class Threshold(NamedTuple):
    """A connection that has had ``word`` for at least ``for_s`` seconds is a failure."""

    word: Word
    for_s: float = 0.0


def parse_thresholds(text: str) -> tuple[Threshold, ...]:
    """Parse the option. Raises StallsimError with the allowed words."""
    return tuple(_parse(part.strip()) for part in text.split(","))


def _parse(text: str) -> Threshold:
    name, colon, duration = text.partition(":")
    allowed = [word.value for word in TROUBLE]
    if name not in allowed:
        raise OptionError("fail_on", f"unknown word {name!r}{suggest(name, allowed)}")
    if not colon:
        return Threshold(Word(name))
    try:
        return Threshold(Word(name), parse_seconds(duration))
    except ValueError as error:
        raise OptionError("fail_on", f"{text}: {error}") from None


def violations(thresholds: Sequence[Threshold], snapshot: Snapshot) -> list[str]:
    """One line for each threshold that is exceeded."""
    lines: list[str] = []
    for word, for_s in thresholds:
        found = [
            one for one in snapshot.connections if one.word == word.value and (one.for_s or 0.0) >= for_s
        ]
        if found:
            longest = max(found, key=lambda one: one.for_s or 0.0)
            limit = f" for {format_seconds(for_s)} or longer" if for_s else ""
            lines.append(
                f"{len(found)} {word.value}{limit}; the longest, {longest.peer}, for "
                f"{format_seconds(longest.for_s or 0.0)}"
            )
    return lines
