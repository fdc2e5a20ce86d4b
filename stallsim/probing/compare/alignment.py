"""Aligns two logs of messages: finds where both are one stream, and which messages one of them lacks.

A client may receive messages on joining (a welcome, a snapshot, a history) that are not part of the
stream. So a message counts only if the witness received it after the stalled client had joined, and only
from the first message on that both received.
"""

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ...timeline.probed.outcomes import Dropped
from .gaps import count_waited, find_gaps
from .matching import match

_SHARE_MIN = 0.6
"""If at least this share of the stalled client's messages is also in the witness's log, both are one
stream.
"""
_DISTINCT_MIN = 0.5
"""The least share of distinct messages in the witness's log at which messages can be told apart."""
_OWN_MIN = 2
_STREAM_MIN = 2
_NEAR = 0.2
"""How far after joining the common stream may begin, as a share of the messages missing before it."""


class LogPositions(NamedTuple):
    """The number of messages in each log when the stall began, at the wake, and when the stalled client
    joined.
    """

    witness_stall: int
    stalled_stall: int
    witness_wake: int
    stalled_wake: int
    witness_join: int = 0
    """Messages that the witness had read when the stalled client joined."""
    settled: bool = True
    """Whether the witness had by then read everything that the server sends on joining."""


class Alignment(NamedTuple):
    """Where the stalled client's messages are in the witness's log. Fields not described here are those of
    ``Comparison``.
    """

    own: bool
    lag_wake: int
    lag_end: int
    missing: int
    late: int
    """The part of ``missing`` that the witness received only after the wake."""
    waited: int
    """Messages that the witness received before the wake, and the stalled client only after it or never."""
    usual: float
    """The share of messages that is missing without a stall, too."""
    dropped: Dropped | None
    notices: int
    joining: int
    """The number of messages that the stalled client received before the first common one."""
    first: int
    """The index of the first common message in the witness's log."""
    found: list[int]
    """The index of each of the stalled client's messages in the witness's log; -1: it is not there."""


def align(
    own: Sequence[Hashable],
    other: Sequence[Hashable],
    marks: LogPositions,
    covers: Sequence[int] | None = None,
    *,
    share_min: float = _SHARE_MIN,
) -> Alignment | None:
    """Align two logs: ``own`` has one item for each message of the witness, ``other`` one for each of the
    stalled client. None if they are not one stream, or if too many messages are equal.

    ``covers``: the number of messages in each item of ``other``, if frames were joined. ``share_min``: the
    share of the stalled client's messages that must also be the witness's; less than usual if it is
    otherwise known that both are parts of one stream.
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
    """``found`` without its first run of consecutive places, if another run follows.

    Used if the witness was still receiving what the server sends on joining when the stalled client
    joined: the first run may belong to that, and the messages between the two runs are older than the
    join.
    """
    common = [(position, place) for position, place in enumerate(found) if place >= 0]
    for (_, before), (position, place) in pairwise(common):
        if place > before + 1:
            return [-1] * position + found[position:]
    return found


def is_distinct(messages: Sequence[Hashable]) -> bool:
    """Whether at least ``_DISTINCT_MIN`` of the messages differ from each other."""
    return len(set(messages)) >= _DISTINCT_MIN * len(messages)


def _made_for_each(found: Sequence[int], marks: LogPositions) -> bool:
    """Whether each client has a stream of its own with the same messages.

    Then the stalled client receives, from the beginning, messages that the witness had received before the
    stalled client joined, and stays behind by that number. In one common stream, a client that receives
    the latest messages on joining starts at a later message the later it joins.
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
    # a stalled client that had read nothing received all of it later: the end of a history would be the
    # stream
    return max(found) < marks.witness_wake


def _jumps_to_the_join(found: Sequence[int], joined: int) -> bool:
    """Whether the stalled client's messages jump from a history to the stream at the moment when it
    joined.

    Both clients received the history, and both received the stream from that moment on. Only the witness
    received the messages between them.
    """
    places = [place for place in found if place >= 0]
    later = next((index for index, place in enumerate(places) if place >= joined), 0)
    if not later:
        return False
    jump = places[later] - places[later - 1]
    return jump > 1 and places[later] - joined <= max(_OWN_MIN, _NEAR * jump)


def _usual(found: Sequence[int], before: Sequence[int], after: Sequence[int], marks: LogPositions) -> float:
    """The share of messages that is missing without a stall: the largest of the shares before the stall,
    long after the wake, and in the witness's log.
    """
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
    """Messages of the stalled client that the witness did not receive. Those after the last common message
    do not count, since the witness may only not have read them yet.
    """
    common = [position for position, place in enumerate(found) if place >= 0]
    return sum(1 for place in found[: common[-1]] if place < 0) if common else 0
