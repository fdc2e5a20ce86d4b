"""Two sequences of which one may be a part of the other: from where on they are one stream, and its gaps.

What a client is sent when it joins (a welcome, a snapshot, a history) is not the stream. Only messages
count that the witness was given after the other had joined, and from the first of them on that both have.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from ..outcomes import Dropped
from .gaps import find_gaps
from .matching import match

_SHARE_MIN = 0.6
"""Of the stalled client's messages must be the witness's, too, for their streams to be one."""
_DISTINCT_MIN = 0.5
"""Of the witness's messages must differ from each other, for a message to be told from the next."""
_OWN_MIN = 2
_STREAM_MIN = 2
_NEAR = 0.2
"""Of the messages passed over, the stream may begin so many behind the moment of joining."""


class LogPositions(NamedTuple):
    """How many messages were on the two logs when the stall began, at the wake, and when one joined."""

    witness_stall: int
    stalled_stall: int
    witness_wake: int
    stalled_wake: int
    witness_join: int = 0
    """What the witness had read when the other joined."""


class Alignment(NamedTuple):
    """Where the stalled client's messages are in the witness's; lags as those of ``Comparison``."""

    own: bool
    lag_wake: int
    lag_end: int
    missing: int
    usual: float
    """The share that is missing where no stall can be the reason."""
    dropped: Dropped | None
    notices: int
    joining: int
    """How many messages of the stalled client's came before the first that both have."""
    first: int
    """That one's place."""
    found: list[int]
    """For each message of the stalled client its place; -1: it is not in the stream."""


def align(
    own: Sequence[Hashable],
    other: Sequence[Hashable],
    marks: LogPositions,
    covers: Sequence[int] | None = None,
) -> Alignment | None:
    """``own``: one thing for each message of the witness, ``other`` for each of the stalled client; None
    where they are not one stream, or a message cannot be told from the next.
    """
    if not other or not is_distinct(own):
        return None
    found = match(own, other)
    alone = _made_for_each(found, marks)
    if not alone:
        found = [place if place >= marks.witness_join else -1 for place in found]
    joining = next((position for position, place in enumerate(found) if place >= 0), len(found))
    stream = found[joining:]
    common = sum(1 for place in stream if place >= 0)
    if common < _SHARE_MIN * len(stream) or common < min(_STREAM_MIN, len(other)):
        return None
    since = max(joining, marks.stalled_stall)
    before = [place for place in found[: marks.stalled_stall] if place >= 0]
    after = [(place, position) for position, place in enumerate(found[since:], since) if place >= 0]
    last_before = before[-1] if before else after[0][0] - 1
    lag_stall = marks.witness_stall - 1 - last_before if before else 0
    read_at_wake = [place for place in found[: marks.stalled_wake] if place >= 0]
    last_wake = read_at_wake[-1] if read_at_wake else last_before
    places = [place for place, _ in after]
    spans = [covers[position] for _, position in after] if covers else None
    gaps = find_gaps([last_before, *places], [1, *spans] if spans else None)
    last = places[-1] + (spans[-1] - 1 if spans else 0) if places else last_before
    return Alignment(
        own=alone,
        lag_wake=max(0, marks.witness_wake - 1 - last_wake - lag_stall),
        lag_end=max(0, len(own) - 1 - last - lag_stall),
        missing=gaps.missing,
        usual=_usual(found, before, places, marks),
        dropped=gaps.which(places, marks.witness_wake - lag_stall),
        notices=_notices(found[max(joining, marks.stalled_wake) :]),
        joining=joining,
        first=found[joining],
        found=found,
    )


def is_distinct(messages: Sequence[Hashable]) -> bool:
    """Whether most of them differ from each other."""
    return len(set(messages)) >= _DISTINCT_MIN * len(messages)


def _made_for_each(found: Sequence[int], marks: LogPositions) -> bool:
    """Each client's stream is made for it alone, though of the same messages: the stalled client is given
    what the witness was given before it came, and stays as far behind.
    """
    joined = marks.witness_join
    early = sum(1 for place in found if 0 <= place < joined)
    if joined < _OWN_MIN or early < max(_OWN_MIN, joined / 2):
        return False
    if _jumps_to_the_join(found, joined):
        return False
    read = [place for place in found[: marks.stalled_stall] if place >= 0]
    if read:
        return marks.witness_stall - 1 - read[-1] >= max(_OWN_MIN, joined / 2)
    # who had read nothing was given everything afterwards: a history's end would be the stream
    return max(found) < marks.witness_wake


def _jumps_to_the_join(found: Sequence[int], joined: int) -> bool:
    """What it was sent on joining the witness was sent, too; then comes the stream that they share, from
    where it was at that moment: all that the witness was given between the two is passed over.
    """
    places = [place for place in found if place >= 0]
    later = next((index for index, place in enumerate(places) if place >= joined), 0)
    if not later:
        return False
    jump = places[later] - places[later - 1]
    return jump > 1 and places[later] - joined <= max(_OWN_MIN, _NEAR * jump)


def _usual(found: Sequence[int], before: Sequence[int], after: Sequence[int], marks: LogPositions) -> float:
    """By what was missing before the stall, and long after the wake, and what the witness itself missed."""
    shares = []
    behind = [place for place in after if place >= marks.witness_wake]
    for places in (before, behind[len(behind) // 2 :]):
        if len(places) > 1:
            span = places[-1] - places[0] + 1
            shares.append((span - len(places)) / span)
    common = [position for position, place in enumerate(found) if place >= 0]
    strangers = sum(1 for place in found[common[0] : common[-1]] if place < 0)
    shares.append(strangers / len(found))
    return max(shares)


def _notices(found: Sequence[int]) -> int:
    """What the witness has not; behind the last common message it may only not have read it yet."""
    common = [position for position, place in enumerate(found) if place >= 0]
    return sum(1 for place in found[: common[-1]] if place < 0) if common else 0
