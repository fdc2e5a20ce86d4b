"""Guards: one file each, found by name (``stallsim.family``)."""

from ...family import Family
from ._base import Disconnection, Guard, Standing

__all__ = ["GUARDS", "Disconnection", "Guard", "Standing"]
GUARDS: Family[Guard] = Family("guard", __name__, Guard)
