"""Send policies: one file each, found by name (``stallsim.family``)."""

from ...family import Family
from ._base import Admission, Message, Policy, Queue

__all__ = ["POLICIES", "Admission", "Message", "Policy", "Queue"]
POLICIES: Family[Policy] = Family("policy", __name__, Policy)
