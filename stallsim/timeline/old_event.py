"""Events in recordings of formats 2 and 3: a kind, and a dictionary of its data."""

import msgspec
from msgspec import Struct

from .events.what import What
from .records import Event

TYPED_EVENTS_SINCE = 4


class OldEvent(Struct, frozen=True, tag="event", kw_only=True):
    """One event in such a recording."""

    tick: int
    kind: str
    connection: int | None = None
    detail: dict[str, int | float | str] = {}

    def renewed(self) -> Event:
        """The event in the current format. Raises msgspec.ValidationError if it is not valid."""
        what: What = msgspec.convert({**self.detail, "type": self.kind}, What)
        return Event(tick=self.tick, connection=self.connection, what=what)
