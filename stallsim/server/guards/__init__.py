"""Guards: one file each, found by name (``stallsim.family``)."""

from ...family import Family
from ._base import Disconnection, Guard, StateTimes

__all__ = ["GUARDS", "Disconnection", "Guard", "StateTimes"]
GUARDS: Family[Guard] = Family("guard", __name__, Guard)
