"""Public contract checks: a function that makes your client or policy is called, and its result is tested.

>>> from stallsim.server.policies.unbounded import Unbounded
>>> check_policy(Unbounded)
"""

from ._child import ClientCrashed
from ._client import check_client
from ._contract import ContractBroken
from ._policy import check_policy

__all__ = ["ClientCrashed", "ContractBroken", "check_client", "check_policy"]
