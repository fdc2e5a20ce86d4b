"""What the parent tells a process that holds clients: JSON, a line each. It is told tallies (``Tally``)."""

from msgspec import Struct

from ..probing.spec import Target


class BeginOrder(Struct, frozen=True, tag=True, kw_only=True):
    """The first line: where the server is."""

    target: Target
    host: str
    """Numeric; nothing resolves it again."""
    port: int
    sources: tuple[str, ...]
    """The addresses that the clients connect from, in turn; empty: the kernel's choice."""
    at_once: int
    """Handshakes under way, at most."""
    rcvbuf: int | None
    """SO_RCVBUF of kinds that do not set their own; None: the kernel's default."""


class OpenOrder(Struct, frozen=True, tag=True, kw_only=True):
    """Open so many more clients of these kinds, at so many a second."""

    counts: dict[str, int]
    rate_per_s: float


class WakeOrder(Struct, frozen=True, tag=True):
    """Let this share of the parked clients read everything from now on."""

    share: float


class EndOrder(Struct, frozen=True, tag=True):
    """Abort every connection, and end."""


Order = BeginOrder | OpenOrder | WakeOrder | EndOrder
