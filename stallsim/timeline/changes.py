"""A change of a connection's word, into trouble, within it, or out of it."""

from typing import NamedTuple

from ..kinds import Word
from .watched import WatchedConnection


class Change(NamedTuple):
    """One of them."""

    was: Word | None
    """None where the connection was seen for the first time."""
    now: WatchedConnection
    """As the latest look shows it, or the last before it ended."""
    ended: bool = False
