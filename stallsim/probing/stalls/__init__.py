"""The kinds of stalls of a probe: one file each, found by name (``family``)."""

from ...errors import StallsimError
from ...family import Family
from ._base import Stall

__all__ = ["KINDS", "STALLS", "Stall", "at_rate", "find_stall"]
KINDS: Family[Stall] = Family("stall", __name__, Stall)
STALLS = {name: KINDS.find(name)() for name in KINDS.names()}


def at_rate(stall: Stall, bytes_per_s: float) -> Stall:
    """The stall with another rate. Raises StallsimError if the stall does not read at a rate."""
    if not stall.reads_slowly:
        raise StallsimError(f"`rate=`: {stall.name} does not read at a rate; slow-reader does")
    return type(stall)(bytes_per_s)


def find_stall(name: str) -> Stall:
    """The stall with that name. Raises UnknownVariant, which suggests a similar name."""
    return STALLS.get(name) or KINDS.find(name)()
