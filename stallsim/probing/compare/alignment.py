"""Two sequences of which one may be a part of the other: from where on they are one stream, and what is
missing.

What a client receives when it joins (a welcome, a snapshot, a history) is not part of the stream. Only
messages count that the witness received after the other had joined, beginning with the first one that both
received.
"""

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ...timeline.probed.outcomes import Dropped
from .gaps import count_waited, find_gaps
from .matching import match

_SHARE_MIN = 0.6
"""The share of the stalled client's messages that must also be the witness's, for the two to be one stream.
"""
_DISTINCT_MIN = 0.5
"""The share of the witness's messages that must differ from each other, so that one can be told from the
next.
"""
_OWN_MIN = 2
_STREAM_MIN = 2
_NEAR = 0.2
"""The share of missing messages by which the common stream may begin after the moment of joining."""


class LogPositions(NamedTuple):
    """Messages in each log when the stall began, at the wake, and when the second client joined."""

    witness_stall: int
    stalled_stall: int
    witness_wake: int
    stalled_wake: int
    witness_join: int = 0
    """How many the witness had read when the other joined."""
    settled: bool = True
    """Whether the witness had read by then all that it is sent on joining."""


class Alignment(NamedTuple):
    """The places of the stalled client's messages in the witness's log; lags are as in ``Comparison``."""

    own: bool
    lag_wake: int
    lag_end: int
    missing: int
    late: int
    """Of these, the messages that the witness received only after the wake."""
    waited: int
    """Of the messages that the witness received until the wake, those that came only after it, or had not
    come in the end.
    """
    usual: float
    """The share of messages that is missing for reasons other than the stall."""
    dropped: Dropped | None
    notices: int
    joining: int
    """How many messages of the stalled client came before the first one that both received."""
    first: int
    """The place of that first common message in the witness's log."""
    found: list[int]
    """For each message of the stalled client its place in the witness's log; -1: the witness did not
    receive it.
    """


def align(
    own: Sequence[Hashable],
    other: Sequence[Hashable],
    marks: LogPositions,
    covers: Sequence[int] | None = None,
    *,
    share_min: float = _SHARE_MIN,
) -> Alignment | None:
    """Aligns two logs. ``own`` has one item for each message of the witness, ``other`` for each of the
    stalled client. None where they are not one stream, or where messages cannot be told from each other.

    ``share_min``: the share of the stalled client's messages that must also be the witness's; less than
    usual where it is known by other means that both are parts of one stream.
    """
    if not other or not is_distinct(own):
        return None
    found = match(own, other)
    alone = _made_for_each(found, marks)
    if not alone:
        early = any(0 <= place < marks.witness_join for place in found)
        found = [place if place >= marks.witness_join else -1 for place in found]
        if early and not marks.settled:
            found = _from_the_first_jump(found)
    joining = next((position for position, place in enumerate(found) if place >= 0), len(found))
    stream = found[joining:]
    common = sum(1 for place in stream if place >= 0)
    if common < share_min * len(stream) or common < min(_STREAM_MIN, len(other)):
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
    wake = marks.witness_wake - lag_stall
    gaps = find_gaps([last_before, *places], wake, [1, *spans] if spans else None)
    behind = [
        (place, span)
        for (place, position), span in zip(after, spans or [1] * len(after), strict=True)
        if position >= marks.stalled_wake
    ]
    last = places[-1] + (spans[-1] - 1 if spans else 0) if places else last_before
    return Alignment(
        own=alone,
        lag_wake=max(0, marks.witness_wake - 1 - last_wake - lag_stall),
        lag_end=max(0, len(own) - 1 - last - lag_stall),
        missing=gaps.missing,
        late=gaps.late,
        waited=count_waited(
            [place for place, _ in behind], marks.witness_wake, [span for _, span in behind]
        ),
        usual=_usual(found, before, places, marks),
        dropped=gaps.which(places, wake),
        notices=_notices(found[max(joining, marks.stalled_wake) :]),
        joining=joining,
        first=found[joining],
        found=found,
    )


def _from_the_first_jump(found: list[int]) -> list[int]:
    """Without the first run of places, where another follows. The witness had not read all that it was sent
    on joining when the other joined: the run may be the rest of that, and what the witness received between
    it and the next place had been made before the other joined.
    """
    common = [(position, place) for position, place in enumerate(found) if place >= 0]
    for (_, before), (position, place) in pairwise(common):
        if place > before + 1:
            return [-1] * position + found[position:]
    return found


def is_distinct(messages: Sequence[Hashable]) -> bool:
    """Whether most of them differ from each other."""
    return len(set(messages)) >= _DISTINCT_MIN * len(messages)


def _made_for_each(found: Sequence[int], marks: LogPositions) -> bool:
    """Whether each client has a stream of its own with the same messages: the stalled client receives what
    the witness received before the other joined, from its beginning, and stays as far behind. Whoever is
    sent the latest messages of one stream on joining begins later in it, the later it joins.
    """
    joined = marks.witness_join
    begins = next(((position, place) for position, place in enumerate(found) if place >= 0), (0, 0))
    if begins[1] - begins[0] > _OWN_MIN:
        return False
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
    """The place where the common stream begins. What the stalled client received on joining, the witness
    had received, too; then both received the same messages, from the moment of joining on. All that the
    witness received between these two is missing.
    """
    places = [place for place in found if place >= 0]
    later = next((index for index, place in enumerate(places) if place >= joined), 0)
    if not later:
        return False
    jump = places[later] - places[later - 1]
    return jump > 1 and places[later] - joined <= max(_OWN_MIN, _NEAR * jump)


def _usual(found: Sequence[int], before: Sequence[int], after: Sequence[int], marks: LogPositions) -> float:
    """Computed from what was missing before the stall, long after the wake, and at the witness itself."""
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
    """Messages that the witness did not receive. Those after the last common one may only be unread, so
    they do not count.
    """
    common = [position for position, place in enumerate(found) if place >= 0]
    return sum(1 for place in found[: common[-1]] if place < 0) if common else 0
