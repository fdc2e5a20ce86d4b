"""What a watch observes."""

from .body import EventBody


class Word(EventBody, frozen=True, kw_only=True):
    """A watch assigns another word (``kinds.Word``) to a connection of a live server."""

    word: str
    was: str
    """The word before; empty: the connection is new."""
    peer: str
    for_s: float
    why: str
