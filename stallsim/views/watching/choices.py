"""The choices of a watch's viewer: order, filter, one connection, its details. No I/O here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...kinds import CALM
from ...timeline.watched import Snapshot, WatchedConnection
from ..drawing.controls import Key, Press

_CALM = frozenset(word.value for word in CALM)
EVERYBODY, TROUBLED = "all", "in trouble"
ORDERS: dict[str, Callable[[WatchedConnection], object] | None] = {
    "worst": None,
    "age": lambda one: -(one.for_s or 0.0),
    "unsent": lambda one: -(one.unsent_bytes or 0),
    "pinned": lambda one: -(one.pinned_bytes or 0),
    "rate": lambda one: -(one.acked_rate or 0.0),
    "peer": lambda one: one.peer,
}
"""The orders of the rows; the first one is the snapshot's own."""


@dataclass(frozen=True)
class Choices:
    """The viewer's choices: the order, the filter, and the chosen row."""

    order: str = "worst"
    only: str = EVERYBODY
    """A filter: all connections, those in trouble, or those with one word."""
    chosen: int | None = None
    """The chosen connection's cookie; None: the first row."""
    details: bool = False

    def rows(self, snapshot: Snapshot) -> list[WatchedConnection]:
        """The connections that are shown, in the chosen order."""
        shown = [one for one in snapshot.connections if self._fits(one)]
        key = ORDERS[self.order]
        return shown if key is None else sorted(shown, key=key)  # type: ignore[arg-type]

    def place(self, rows: Sequence[WatchedConnection]) -> int:
        """The index of the chosen row."""
        return next((place for place, one in enumerate(rows) if one.cookie == self.chosen), 0)

    def press(self, key: Press, snapshot: Snapshot | None) -> "Choices | None":
        """The choices after a key; None for a key without a meaning here."""
        match key:
            case Key.SORT:
                names = list(ORDERS)
                return replace(self, order=names[(names.index(self.order) + 1) % len(names)])
            case Key.FILTER:
                words = (
                    [] if snapshot is None else [w for w, count in snapshot.totals.words.items() if count]
                )
                names = [EVERYBODY, TROUBLED, *words]
                place = names.index(self.only) if self.only in names else -1
                return replace(self, only=names[(place + 1) % len(names)])
            case Key.DETAILS | Key.ENTER:
                return replace(self, details=not self.details)
            case Key.NEXT | Key.PREVIOUS:
                rows = [] if snapshot is None else self.rows(snapshot)
                if not rows:
                    return self
                place = self.place(rows) + (1 if key is Key.NEXT else -1)
                return replace(self, chosen=rows[place % len(rows)].cookie)
            case _:
                return None

    def _fits(self, one: WatchedConnection) -> bool:
        if self.only == TROUBLED:
            return one.word not in _CALM
        return self.only in (EVERYBODY, one.word)
