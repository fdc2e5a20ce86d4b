"""A change of the word that a watch assigns to a connection, into trouble, within it, or out of it."""

from typing import NamedTuple

from ..kinds import Word
from .watched import WatchedConnection


class Change(NamedTuple):
    """One change of a connection's word."""

    was: Word | None
    """The word before; None if the connection is new."""
    now: WatchedConnection
    """The connection at the latest look, or at its last one before it ended."""
    ended: bool = False
