"""The request of a fleet: how many clients there are to be, of which kinds, and within which limits."""

from msgspec import Struct


class FleetLimits(Struct, frozen=True, kw_only=True):
    """Limits that a fleet must keep; None: no such limit."""

    memory_each: int | None = None
    """``--max-memory-per-client``, in bytes."""
    clients_min: int | None = None
    """``--min-clients``: the least clients, with the witnesses within their bounds."""
    fail_on: frozenset[str] = frozenset()
    """``--fail-on``: walls that the fleet must not reach."""


class FleetAsked(Struct, frozen=True, kw_only=True):
    """The request of a fleet, in a recording's header."""

    url: str
    server: str
    """The names of the server's processes; empty: they may not be read."""
    clients: int
    mix: dict[str, float]
    """The share of each kind of parked client; they add up to 1."""
    steps: int
    witnesses: int
    rate_per_s: float
    memory_bytes: int | None = None
    """The server's limit of memory (of its pod, say); None: the memory that its machine has left."""
    limits: FleetLimits = FleetLimits()
    memory_unread: str = ""
    """Why the server's memory and CPU cannot be read, and what would help; empty: they can."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """The planned number of clients at each step."""
        return sizes(self.clients, self.steps)


def sizes(clients: int, steps: int) -> tuple[int, ...]:
    """The planned numbers of clients at each of these steps, all in the end; for a few clients there are
    fewer steps.
    """
    planned = (clients * number // steps for number in range(1, steps + 1))
    return tuple(dict.fromkeys(size for size in planned if size))
