"""Guards: one file each, found by name (``stallsim.family``)."""

from ...family import Family
from ._base import Guard

GUARDS: Family[Guard] = Family("guard", __name__, Guard)
