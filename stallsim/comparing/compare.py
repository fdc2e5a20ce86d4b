"""Finds what is better, worse or merely different in the second of two results."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple, assert_never

from ..errors import StallsimError
from ..timeline.probed.outcomes import Assessment
from ..views.standing_marks import MARKS
from .assessed import AssessedRow, Side

_ORDER = (Assessment.DEFENDED, Assessment.OPEN, Assessment.FAULT)


class Difference(StrEnum):
    """How a row of the new result differs from the same row of the old one."""

    BETTER = "better"
    SAME = "same"
    OTHER = "other"
    """Neither better nor worse, but described by other words."""
    WORSE = "worse"
    NOT_KNOWN = "not known"
    """One result or both do not show it, so the two cannot be compared."""
    GONE = "not tried"
    """It was tried in the old result and not in the new one, so its present result is not known."""
    NEW = "new"


class Compared(NamedTuple):
    """One row as it is in both results."""

    name: str
    change: Difference
    old: AssessedRow | None
    new: AssessedRow | None

    @property
    def fails(self) -> bool:
        """Whether the row is worse, was not tried again, or is no longer known."""
        match self.change:
            case Difference.WORSE | Difference.GONE:
                return True
            case Difference.NOT_KNOWN:
                return self.old is not None and not self.old.unknown
            case Difference.BETTER | Difference.SAME | Difference.OTHER | Difference.NEW:
                return False
            case _:
                assert_never(self.change)


def compare_results(old: Side, new: Side) -> list[Compared]:
    """Compare row by row, in the order of the old result. Raises StallsimError for different kinds."""
    if old.kind != new.kind:
        raise StallsimError(f"a {old.kind} cannot be compared with a {new.kind}; give two of one kind")
    names = dict.fromkeys([*old.rows, *new.rows])
    return [_compared(name, old.rows.get(name), new.rows.get(name)) for name in names]


def is_worse(compared: list[Compared]) -> bool:
    """Whether any row is worse, was not tried again, or is no longer known."""
    return any(one.fails for one in compared)


def lines_of(compared: list[Compared]) -> Iterator[str]:
    """A line for each row, and below it its words, old and new; ``~`` marks a cost."""
    for one in compared:
        marks = " -> ".join(
            MARKS[assessed.standing] if assessed.span is None else "~"
            for assessed in (one.old, one.new)
            if assessed is not None
        )
        yield f"{one.change.value:<9}  {marks:<6}  {one.name}"
        if one.old is None or one.new is None:
            continue
        for column, before, after in zip(one.new.columns, one.old.words, one.new.words, strict=True):
            words = before if before == after else f"{before} -> {after}"
            yield f"{'':<19}  {column:<8} {words}"
        for which, row in (("old", one.old), ("new", one.new)):
            if row.unknown:
                yield f"{'':<19}  {which}: not known, since {row.unknown}"


def _compared(name: str, old: AssessedRow | None, new: AssessedRow | None) -> Compared:
    if old is None or new is None:
        return Compared(name, Difference.NEW if old is None else Difference.GONE, old, new)
    if old.unknown or new.unknown:
        return Compared(name, Difference.NOT_KNOWN, old, new)
    if old.span is not None and new.span is not None:
        (old_low, old_high), (new_low, new_high) = old.span, new.span
        apart = (
            Difference.WORSE
            if new_low > old_high
            else Difference.BETTER
            if new_high < old_low
            else Difference.SAME
        )
        return Compared(name, apart, old, new)
    step = _ORDER.index(new.standing) - _ORDER.index(old.standing)
    if step:
        return Compared(name, Difference.WORSE if step > 0 else Difference.BETTER, old, new)
    return Compared(name, Difference.SAME if old.words[0] == new.words[0] else Difference.OTHER, old, new)
