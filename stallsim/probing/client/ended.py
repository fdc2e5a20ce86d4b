"""The end of a connection, as the client has seen it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ended:
    """How a connection ended, as this end has seen it."""

    how: str
    """``close``: a Close frame; ``fin``; ``rst``; ``protocol-error``."""
    at: float
    code: int | None = None
    reason: str = ""
