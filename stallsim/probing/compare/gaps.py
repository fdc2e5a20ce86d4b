"""The gaps in a rising sequence of places, and in which part of a stall they are."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ...timeline.probed.outcomes import Dropped

_LATEST_MIN, _RUN_MIN = 2, 8
"""A queue of one message conflates; a longer one drops the oldest. It may drop some more while it is
emptied: then a few long runs are left, whereas conflating leaves single messages.
"""


class Gaps(NamedTuple):
    """The places that a rising sequence leaves out."""

    missing: int
    widest: int
    """How many places are missing in the widest gap."""
    resumed: int
    """The first place after the widest gap."""
    late: int = 0
    """How many of the missing places the witness received only after the wake."""

    def which(self, present: Sequence[int], wake: int) -> Dropped | None:
        """Decided by how many of the last messages before the wake came: none, all, or some."""
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


def find_gaps(places: Sequence[int], wake: int, covers: Sequence[int] | None = None) -> Gaps:
    """``places`` rise. Each stands for one message, or for as many as ``covers`` says where frames were
    joined.
    """
    missing, late, widest, resumed = 0, 0, 0, -1
    for index, (earlier, later) in enumerate(pairwise(places)):
        gap = max(0, later - earlier - (covers[index] if covers else 1))
        missing += gap
        late += min(gap, max(0, later - wake))
        if gap > widest:
            widest, resumed = gap, later
    return Gaps(missing, widest, resumed, late)
