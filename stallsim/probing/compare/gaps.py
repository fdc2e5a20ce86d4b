"""What a rising sequence of places passes over, and which part of a stall that is."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ..outcomes import Dropped

_LATEST_MIN, _RUN_MIN = 2, 8
"""A queue that keeps one message conflates; from two on it drops the oldest. It may drop some more while it
is emptied: then what is left are a few long runs, where conflating leaves single messages."""


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


def find_gaps(places: Sequence[int], covers: Sequence[int] | None = None) -> Gaps:
    """``places`` only rise; each covers one, or as many as ``covers`` says (frames that were joined)."""
    missing, widest, resumed = 0, 0, -1
    for index, (earlier, later) in enumerate(pairwise(places)):
        gap = max(0, later - earlier - (covers[index] if covers else 1))
        missing += gap
        if gap > widest:
            widest, resumed = gap, later
    return Gaps(missing, widest, resumed)
