"""Events as recordings of formats 2 and 3 have them: a kind, and a dictionary of what it carries."""

import msgspec
from msgspec import Struct

from .events import What
from .records import Event

TYPED_EVENTS_SINCE = 4


class OldEvent(Struct, frozen=True, tag="event", kw_only=True):
    """One line of such a recording."""

    tick: int
    kind: str
    connection: int | None = None
    detail: dict[str, int | float | str] = {}

    def renewed(self) -> Event:
        """The same as of today. Raises msgspec.ValidationError where it is no event."""
        what: What = msgspec.convert({**self.detail, "type": self.kind}, What)
        return Event(tick=self.tick, connection=self.connection, what=what)
