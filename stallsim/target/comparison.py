"""The wake test: what the stalled client was given in the end, beside what the witness was given.

The same messages, in the same order (``SHARED``), show to a message which are missing. Where each client
is given messages of its own, a number in them does the same (``NUMBERED``). Else there are only counts.
"""

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from .matching import find_gaps, match
from .outcomes import Dropped
from .tape import Tape

_NUMBERS_MIN = 2
_SHARE_MIN = 0.6
"""Of the stalled client's messages must be the witness's, too, for their streams to be one."""
_DISTINCT_MIN = 0.5
"""Of the witness's messages must differ from each other, for a message to be told from the next."""


class Kind(Enum):
    """By what the two streams could be compared."""

    SHARED = "the same messages"
    NUMBERED = "a running number in the messages"
    COUNTED = "counts of messages"


class Comparison(Struct, frozen=True, kw_only=True):
    """Lags are in messages of the witness, in excess of the lag when the stall began."""

    kind: Kind
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


class Marks(NamedTuple):
    """How many messages were on the two tapes when the stall began, and at the wake."""

    witness_stall: int
    stalled_stall: int
    witness_wake: int
    stalled_wake: int


def compare(witness: Tape, stalled: Tape, marks: Marks, *, draining: bool) -> Comparison:
    """By the best of the three that these tapes allow."""
    return (
        _shared(witness, stalled, marks, draining)
        or _numbered(witness, stalled, marks, draining)
        or _counted(witness, stalled, marks, draining, Kind.COUNTED)
    )


def _shared(witness: Tape, stalled: Tape, marks: Marks, draining: bool) -> Comparison | None:
    if not (witness.complete and stalled.complete and stalled.messages):
        return None
    if len(set(witness.digests)) < _DISTINCT_MIN * witness.messages:
        return None
    found = match(witness.digests, stalled.digests)
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
    plain = _counted(witness, stalled, marks, draining, Kind.SHARED)
    return Comparison(
        kind=Kind.SHARED,
        draining=draining,
        lag_wake=max(0, marks.witness_wake - 1 - last_wake - lag_stall),
        lag_end=max(0, witness.messages - 1 - last - lag_stall),
        missing=gaps.missing,
        missing_before=before[-1] - before[0] + 1 - len(before) if before else 0,
        compared_before=before[-1] - before[0] + 1 if before else 0,
        dropped=gaps.which(after, marks.witness_wake - lag_stall),
        notices=_notices(found[marks.stalled_wake :]),
        message_bytes=plain.message_bytes,
    )


def _notices(found: Sequence[int]) -> int:
    """What the witness has not; behind the last common message it may only not have read it yet."""
    common = [position for position, index in enumerate(found) if index >= 0]
    return sum(1 for index in found[: common[-1]] if index < 0) if common else 0


def _numbered(witness: Tape, stalled: Tape, marks: Marks, draining: bool) -> Comparison | None:
    stride = stalled.stride
    if not stride or not (witness.complete and stalled.complete):
        return None
    start = max(0, marks.stalled_stall - 1 - stalled.numbers_from)
    numbers = [number for number in stalled.numbers[start:] if number >= 0]
    if len(numbers) < _NUMBERS_MIN or len(numbers) < _SHARE_MIN * len(stalled.numbers[start:]):
        return None
    steps = [(number - numbers[0]) // stride for number in numbers]
    if any(later <= earlier for earlier, later in pairwise(steps)):
        return None
    gaps = find_gaps(steps)
    plain = _counted(witness, stalled, marks, draining, Kind.NUMBERED)
    until_wake = marks.witness_wake - marks.witness_stall
    return Comparison(
        kind=Kind.NUMBERED,
        draining=draining,
        lag_wake=plain.lag_wake,
        lag_end=max(0, plain.lag_end - gaps.missing),
        missing=gaps.missing,
        missing_before=0,
        compared_before=0,
        dropped=gaps.which(steps, until_wake),
        notices=0,
        message_bytes=plain.message_bytes,
    )


def _counted(witness: Tape, stalled: Tape, marks: Marks, draining: bool, kind: Kind) -> Comparison:
    given = witness.messages - marks.witness_stall
    sizes = witness.sizes[marks.witness_stall :]
    mean = sum(sizes) / len(sizes) if sizes else witness.payload_bytes / max(1, witness.messages)
    until_wake = marks.witness_wake - marks.witness_stall
    return Comparison(
        kind=kind,
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
