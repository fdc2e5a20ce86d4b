"""Limits that the command line sets, held against a result."""

from collections.abc import Iterator

from msgspec import Struct

from ..errors import OptionError, suggest
from ..units import format_size
from .result import FleetResult, Wall


class Limits(Struct, frozen=True, kw_only=True):
    """What must hold; what could not be measured does not hold."""

    memory_each: int | None = None
    """``--max-memory-per-client``, in bytes."""
    clients_min: int | None = None
    """``--min-clients``: so many, with the witnesses within their baseline."""
    fail_on: frozenset[Wall] = frozenset()
    """``--fail-on``: walls that must not be seen."""

    def violations(self, result: FleetResult) -> Iterator[str]:
        """A sentence for each limit that was not kept."""
        if self.memory_each is not None:
            limit = format_size(self.memory_each)
            if result.memory is None:
                yield f"not tested: the server's memory could not be read, so {limit} a client is not shown"
            elif result.memory.each > self.memory_each:
                each = format_size(result.memory.each)
                yield f"one parked client costs the server {each}; at most {limit} was asked for"
        if self.clients_min is not None and result.capacity.held < self.clients_min:
            held = result.capacity.held
            wanted = f"{self.clients_min:,} were asked for"
            yield f"the witnesses were within their baseline up to {held:,} clients; {wanted}"
        if result.capacity.seen and result.capacity.wall in self.fail_on:
            yield f"{result.capacity.wall.value}: reached at {result.capacity.clients:,} clients"


def parse_fail_on(text: str) -> frozenset[Wall]:
    """Names of walls, joined by commas. Raises StallsimError."""
    names = [name.strip() for name in text.split(",")]
    known = {wall.value: wall for wall in Wall if wall is not Wall.NONE}
    for name in names:
        if name not in known:
            raise OptionError("fail_on", f"unknown wall {name!r}{suggest(name, known)}")
    return frozenset(known[name] for name in names)
