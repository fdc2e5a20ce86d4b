"""Send policies: one file each, found by name (``stallsim.family``)."""

from ...family import Family
from ._base import Policy

POLICIES: Family[Policy] = Family("policy", __name__, Policy)
