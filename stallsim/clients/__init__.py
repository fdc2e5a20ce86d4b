"""Clients: one file each, found by name (``stallsim.family``). ``well_behaved`` is the template."""

from ..family import Family
from ._base import Client

CLIENTS: Family[Client] = Family("client", __name__, Client)
