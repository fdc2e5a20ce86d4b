"""The gaps in a rising sequence of places, and the part of a stall in which they are."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ...timeline.probed.outcomes import Dropped

_RUN_MIN = 8
"""Messages. If the runs of kept messages are at least this long on average, the server keeps a queue of
the latest messages, which may drop a few more while it is emptied; conflation leaves single messages. If
fewer messages than this are kept, they show neither: a server that drops what it cannot send gets room in
the kernel at times, and sends a message or two.
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
    first: int = 0
    """The first place that is missing."""

    def which(self, present: Sequence[int], wake: int) -> Dropped | None:
        """Which messages were dropped, judged by whether none, all or some of the last messages before the
        wake came; None if they are too few.
        """
        if not self.missing:
            return None
        in_one = self.widest >= self.missing / 2
        if in_one and self.resumed >= wake:
            return Dropped.NEWEST
        kept = [index for index in present if (self.resumed if in_one else self.first) <= index < wake]
        if len(kept) < _RUN_MIN:
            return None
        runs = 1 + sum(1 for earlier, later in pairwise(kept) if later > earlier + 1)
        return Dropped.OLDEST if in_one and len(kept) >= _RUN_MIN * runs else Dropped.CONFLATED


def find_gaps(places: Sequence[int], wake: int, covers: Sequence[int] | None = None) -> Gaps:
    """Find the gaps in ``places``, which rise. Each place stands for one message, or for the number in
    ``covers`` if frames were joined.
    """
    missing, late, widest, resumed, first = 0, 0, 0, -1, 0
    for index, (earlier, later) in enumerate(pairwise(places)):
        gap = max(0, later - earlier - (covers[index] if covers else 1))
        if gap and not missing:
            first = later - gap
        missing += gap
        late += min(gap, max(0, later - wake))
        if gap > widest:
            widest, resumed = gap, later
    return Gaps(missing, widest, resumed, late, first)


def count_waited(places: Sequence[int], wake: int, covers: Sequence[int] | None = None) -> int:
    """The number of places below ``wake`` that came after the wake or never. ``places``, in rising order,
    came after it.
    """
    spans = covers or [1] * len(places)
    came = sum(min(span, wake - place) for place, span in zip(places, spans, strict=True) if place < wake)
    not_come = max(0, wake - places[-1] - spans[-1]) if places else 0
    return came + not_come
