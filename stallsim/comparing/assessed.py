"""One side of a comparison: rows of a few words each, for every kind of result."""

from typing import NamedTuple

from ..timeline.probed.outcomes import Assessment

COLUMNS = ("outcome", "bound", "end", "witness")


class AssessedRow(NamedTuple):
    """One row of a result, which is compared with the row of the same name in the other result."""

    standing: Assessment
    words: tuple[str, ...]
    """One word for each of the columns."""
    columns: tuple[str, ...] = COLUMNS
    span: tuple[float, float] | None = None
    """The range of a measured cost; less is better, and overlapping ranges count as equal."""
    unknown: str = ""
    """The reason why the row's value is not known; empty: it is known. An unknown value is neither better
    nor worse.
    """


class Side(NamedTuple):
    """One of the two results that are compared."""

    kind: str
    """``probe``, ``run`` or ``fleet``."""
    rows: dict[str, AssessedRow]
    """The rows, by the name of the stall, the name of the profile, or the number of clients."""
