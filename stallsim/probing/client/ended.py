"""The end of a connection, as the client has seen it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ended:
    """How a connection ended, as seen from this end."""

    how: str
    """``close``: in the protocol's own way, by a Close frame or the end of an HTTP answer; ``fin``;
    ``rst``; ``protocol-error``."""
    at: float
    code: int | None = None
    reason: str = ""
    begin: bytes = b""
    """Of a ``protocol-error``: how that began which is not of the protocol."""
