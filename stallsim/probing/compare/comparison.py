"""The wake test: what the stalled client was given in the end, beside what the witness was given.

The same messages, in the same order (``SHARED``), show to a message which are missing; so do those that
differ only in what names the client (``ALIKE``). Where each client is given messages of its own, a number
in them does the same (``NUMBERED``). Else there are only counts.
"""

from collections.abc import Hashable, Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ..client.message_log import MessageLog
from ..outcomes import Dropped
from .client_names import find_names, without
from .matching import find_gaps, match
from .sequence_numbers import MESSAGES_LOOKED_AT, find_numbering

_NUMBERS_MIN, _OWN_MIN = 2, 2
_SHARE_MIN = 0.6
"""Of the stalled client's messages must be the witness's, too, for their streams to be one."""
_DISTINCT_MIN = 0.5
"""Of the witness's messages must differ from each other, for a message to be told from the next."""


class Kind(Enum):
    """By what the two streams could be compared."""

    SHARED = "the same messages"
    ALIKE = "messages that differ only in what names the client"
    NUMBERED = "a running number in the messages"
    COUNTED = "counts of messages"


class Comparison(Struct, frozen=True, kw_only=True):
    """Lags are in messages of the witness, in excess of the lag when the stall began."""

    kind: Kind
    distinct: bool
    """Whether the witness's messages can be told from each other."""
    own: bool
    """Each client's stream is made for it alone, though of the same messages: both began with the first."""
    draining: bool
    """When the watch ended, the stalled client was still given more than the witness."""
    lag_wake: int
    """At the wake: what the witness had read and the other had not."""
    lag_end: int
    """When the watch ended; what is missing for good is not in it."""
    missing: int | None
    """Messages that were passed over, from the stall on; None: cannot be known."""
    missing_before: int
    """Messages that were passed over while it still read everything."""
    compared_before: int
    """Of so many."""
    dropped: Dropped | None
    notices: int
    """What only the stalled client was given, after the wake; 0 where that cannot be known."""
    message_bytes: float
    """The mean size of the witness's messages since the stall began."""

    @property
    def same(self) -> bool:
        """Whether both clients were given one stream, message by message."""
        return self.kind in (Kind.SHARED, Kind.ALIKE) and not self.own


class Marks(NamedTuple):
    """How many messages were on the two tapes when the stall began, at the wake, and when one joined."""

    witness_stall: int
    stalled_stall: int
    witness_wake: int
    stalled_wake: int
    witness_join: int = 0
    """What the witness had read when the other joined."""


def compare(witness: MessageLog, stalled: MessageLog, marks: Marks, *, draining: bool) -> Comparison:
    """By the best of the four that these tapes allow."""
    plain = _counted(witness, stalled, marks, draining)
    return (
        _shared(witness, stalled, marks, plain)
        or _alike(witness, stalled, marks, plain)
        or _numbered(witness, stalled, marks, plain)
        or plain
    )


def _shared(witness: MessageLog, stalled: MessageLog, marks: Marks, plain: Comparison) -> Comparison | None:
    if not (witness.complete and stalled.complete):
        return None
    return _matched(witness.digests, stalled.digests, marks, replace(plain, kind=Kind.SHARED))


def _alike(witness: MessageLog, stalled: MessageLog, marks: Marks, plain: Comparison) -> Comparison | None:
    if not (witness.marked and stalled.marked):
        return None
    names = find_names(_before(witness, marks.witness_stall), _before(stalled, marks.stalled_stall))
    if not names:
        return None
    own, other = (without(names, log.marks(0, log.messages)) for log in (witness, stalled))
    return _matched(own, other, marks, replace(plain, kind=Kind.ALIKE))


def _before(log: MessageLog, stall: int) -> list[bytes]:
    """Marks of the latest messages before the stall; of who read nothing then, of its first ones."""
    before = log.marks(stall - MESSAGES_LOOKED_AT, stall)
    return before or log.marks(0, MESSAGES_LOOKED_AT)


def _matched(
    own: Sequence[Hashable], other: Sequence[Hashable], marks: Marks, plain: Comparison
) -> Comparison | None:
    """``own``: one thing for each message of the witness, ``other`` for each of the stalled client."""
    if not other or len(set(own)) < _DISTINCT_MIN * len(own):
        return None
    found = match(own, other)
    before = [index for index in found[: marks.stalled_stall] if index >= 0]
    after = [index for index in found[marks.stalled_stall :] if index >= 0]
    if len(before) + len(after) < _SHARE_MIN * len(found) or not before + after:
        return None
    last_before = before[-1] if before else after[0] - 1
    lag_stall = marks.witness_stall - 1 - last_before if before else 0
    read_at_wake = [index for index in found[: marks.stalled_wake] if index >= 0]
    last_wake = read_at_wake[-1] if read_at_wake else last_before
    last = after[-1] if after else last_before
    gaps = find_gaps([last_before, *after])
    joined = marks.witness_join
    behind = not before or lag_stall >= max(_OWN_MIN, joined / 2)
    return replace(
        plain,
        own=found[0] == 0 and joined >= _OWN_MIN and behind,
        lag_wake=max(0, marks.witness_wake - 1 - last_wake - lag_stall),
        lag_end=max(0, len(own) - 1 - last - lag_stall),
        missing=gaps.missing,
        missing_before=before[-1] - before[0] + 1 - len(before) if before else 0,
        compared_before=before[-1] - before[0] + 1 if before else 0,
        dropped=gaps.which(after, marks.witness_wake - lag_stall),
        notices=_notices(found[marks.stalled_wake :]),
    )


def _notices(found: Sequence[int]) -> int:
    """What the witness has not; behind the last common message it may only not have read it yet."""
    common = [position for position, index in enumerate(found) if index >= 0]
    return sum(1 for index in found[: common[-1]] if index < 0) if common else 0


def _numbered(
    witness: MessageLog, stalled: MessageLog, marks: Marks, plain: Comparison
) -> Comparison | None:
    if not (witness.marked and stalled.marked):
        return None
    numbering = find_numbering(_before(stalled, marks.stalled_stall)) or find_numbering(
        _before(witness, marks.witness_stall)
    )
    if numbering is None:
        return None
    since = [numbering.read(mark) for mark in stalled.marks(marks.stalled_stall - 1, stalled.messages)]
    numbers = [number for number in since if number >= 0]
    if len(numbers) < _NUMBERS_MIN or len(numbers) < _SHARE_MIN * len(since):
        return None
    steps = [(number - numbers[0]) // numbering.stride for number in numbers]
    if any(later <= earlier for earlier, later in pairwise(steps)):
        return None
    gaps = find_gaps(steps)
    return replace(
        plain,
        kind=Kind.NUMBERED,
        lag_end=max(0, plain.lag_end - gaps.missing),
        missing=gaps.missing,
        dropped=gaps.which(steps, marks.witness_wake - marks.witness_stall),
    )


def _counted(witness: MessageLog, stalled: MessageLog, marks: Marks, draining: bool) -> Comparison:
    given = witness.messages - marks.witness_stall
    sizes = witness.sizes[marks.witness_stall :]
    mean = sum(sizes) / len(sizes) if sizes else witness.payload_bytes / max(1, witness.messages)
    until_wake = marks.witness_wake - marks.witness_stall
    return Comparison(
        kind=Kind.COUNTED,
        own=False,
        distinct=len(set(witness.digests)) >= _DISTINCT_MIN * len(witness.digests),
        draining=draining,
        lag_wake=max(0, until_wake - (marks.stalled_wake - marks.stalled_stall)),
        lag_end=max(0, given - (stalled.messages - marks.stalled_stall)),
        missing=None,
        missing_before=0,
        compared_before=0,
        dropped=None,
        notices=0,
        message_bytes=mean,
    )
