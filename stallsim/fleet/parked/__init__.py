"""The kinds of parked clients: one file each, and no list to edit."""

from ...family import Family
from ._base import Parked

PARKED: Family[Parked] = Family("parked client", __name__, Parked)
