"""Guards: one file each, found by name (``stallsim.family``)."""

from ...family import Family
from ._base import Ending, Guard, Standing

__all__ = ["GUARDS", "Ending", "Guard", "Standing"]
GUARDS: Family[Guard] = Family("guard", __name__, Guard)
