"""Events of each kind, with only the data that a test needs."""

from typing import Any, get_args, get_type_hints

from stallsim.kinds import EventKind, ParkedEnding
from stallsim.timeline.events.what import What

CLASSES: dict[EventKind, Any] = {one.kind: one for one in get_args(What)}
_NOTHING = {int: 0, float: 0.0, str: "", bool: False, ParkedEnding: ParkedEnding.FIN}


def carrying(kind: EventKind, **given: int | float | str | ParkedEnding) -> What:
    """What such an event carries: ``given``, and nothing in the fields that are required besides."""
    hints = get_type_hints(CLASSES[kind])
    nothing = {name: _NOTHING[hint] for name, hint in hints.items() if hint in _NOTHING}
    what: What = CLASSES[kind](**(nothing | given))
    return what
