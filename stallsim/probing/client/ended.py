"""The end of a connection, as the client observed it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ended:
    """How and when a connection ended, as the client observed it."""

    how: str
    """``close``: in the protocol's own way, by a Close frame or the end of an HTTP answer; ``fin``;
    ``rst``; ``protocol-error``."""
    at: float
    code: int | None = None
    reason: str = ""
    begin: bytes = b""
    """After a ``protocol-error``: the first bytes of the data that broke the protocol."""
