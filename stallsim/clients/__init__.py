"""Clients: one file each, found by name (``stallsim.family``). ``well_behaved`` is the template."""

from ..family import Family
from ._base import NEVER, Client, ClientEnd, Stalls, Turns

__all__ = ["CLIENTS", "NEVER", "Client", "ClientEnd", "Stalls", "Turns"]
CLIENTS: Family[Client] = Family("client", __name__, Client)
