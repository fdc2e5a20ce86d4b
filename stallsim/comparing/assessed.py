"""One side of a comparison: rows of a few words each, whatever kind of result they are of."""

from typing import NamedTuple

from ..timeline.probed.outcomes import Assessment

COLUMNS = ("outcome", "bound", "end", "witness")


class AssessedRow(NamedTuple):
    """One row."""

    standing: Assessment
    words: tuple[str, ...]
    """One for each of the columns."""
    columns: tuple[str, ...] = COLUMNS
    span: tuple[float, float] | None = None
    """Of a measured cost, between what it lies: less is better, and two that overlap are the same."""


class Side(NamedTuple):
    """One result."""

    kind: str
    """``probe``, ``run`` or ``fleet``."""
    rows: dict[str, AssessedRow]
    """By the name of the stall, of the profile, or by the number of clients."""
