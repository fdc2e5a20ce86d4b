"""Report formats: one file each, found by name (``stallsim.family``)."""

from ...family import Family
from ._base import Format

FORMATS: Family[Format] = Family("report format", __name__, Format)
