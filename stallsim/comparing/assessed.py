"""One side of a comparison: rows of a few words each, whatever kind of result they are of."""

from typing import NamedTuple

from ..timeline.probed.outcomes import Assessment

COLUMNS = ("outcome", "bound", "end", "witness")


class AssessedRow(NamedTuple):
    """One row of a result: what is compared with the row of the same name in the other result."""

    standing: Assessment
    words: tuple[str, ...]
    """One word for each of the columns."""
    columns: tuple[str, ...] = COLUMNS
    span: tuple[float, float] | None = None
    """Of a measured cost, between what it lies: less is better, and two that overlap are the same."""
    unknown: str = ""
    """Why nothing is known of it; empty: it is known. What is not known is neither better nor worse."""


class Side(NamedTuple):
    """One of the two results that are compared."""

    kind: str
    """``probe``, ``run`` or ``fleet``."""
    rows: dict[str, AssessedRow]
    """The rows, by the name of the stall, the name of the profile, or the number of clients."""
