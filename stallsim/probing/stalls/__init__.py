"""The stalls that a client can be put into from outside: one file each, found by name (``family``)."""

from ...family import Family
from ._base import Stall

__all__ = ["KINDS", "STALLS", "Stall", "find_stall"]
KINDS: Family[Stall] = Family("stall", __name__, Stall)
STALLS = {name: KINDS.find(name)() for name in KINDS.names()}


def find_stall(name: str) -> Stall:
    """Raises UnknownVariant, with what was probably meant."""
    return STALLS.get(name) or KINDS.find(name)()
