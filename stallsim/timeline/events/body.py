"""The base of all events, which names an event's tag in a recording."""

from typing import ClassVar

from msgspec import Struct

from ...kinds import EventKind


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() and place else c.lower() for place, c in enumerate(name))


class EventBody(Struct, frozen=True, kw_only=True, tag=_kebab, omit_defaults=True):
    """The base of all events. The class's name, in kebab-case, is its tag in a recording."""

    kind: ClassVar[EventKind]

    def __init_subclass__(cls) -> None:
        cls.kind = EventKind(_kebab(cls.__name__))
