"""Where one sequence's messages are in another, and what they pass over there."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..outcomes import Dropped

_LATEST_MIN, _RUN_MIN = 2, 8
"""A queue that keeps one message conflates; from two on it drops the oldest. It may drop some more while it
is emptied: then what is left are a few long runs, where conflating leaves single messages."""


def match(witness: Sequence[Hashable], stalled: Sequence[Hashable]) -> list[int]:
    """For each message (its digest, say) of the stalled client, where the witness has it: the first place
    behind the last one found; -1 where there is none. Leftmost matching finds every subsequence.
    """
    found: list[int] = []
    places: dict[Hashable, list[int]] | None = None
    follow = 0
    for digest in stalled:
        if follow < len(witness) and witness[follow] == digest:
            found.append(follow)
            follow += 1
            continue
        if places is None:
            places = defaultdict(list)
            for index, one in enumerate(witness):
                places[one].append(index)
        where = places.get(digest, [])
        position = bisect_left(where, follow)
        if position < len(where):
            found.append(where[position])
            follow = where[position] + 1
        else:
            found.append(-1)
    return found


class Gaps(NamedTuple):
    """What a rising sequence of places passes over."""

    missing: int
    widest: int
    """How many are missing in the widest gap."""
    resumed: int
    """The first place behind the widest gap."""

    def which(self, present: Sequence[int], wake: int) -> Dropped | None:
        """By what came of the last messages before the wake: nothing, all of them, or some."""
        if not self.missing:
            return None
        if self.widest < self.missing / 2:
            return Dropped.CONFLATED
        if self.resumed >= wake:
            return Dropped.NEWEST
        kept = [index for index in present if self.resumed <= index < wake]
        runs = 1 + sum(1 for earlier, later in pairwise(kept) if later > earlier + 1)
        whole = len(kept) == wake - self.resumed and len(kept) >= _LATEST_MIN
        return Dropped.OLDEST if whole or len(kept) >= _RUN_MIN * runs else Dropped.CONFLATED


def find_gaps(places: Sequence[int]) -> Gaps:
    """``places`` only rise."""
    missing, widest, resumed = 0, 0, -1
    for earlier, later in pairwise(places):
        gap = later - earlier - 1
        missing += gap
        if gap > widest:
            widest, resumed = gap, later
    return Gaps(missing, widest, resumed)
