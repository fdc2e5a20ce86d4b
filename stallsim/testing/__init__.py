"""Public contract checks: give a maker of your client or policy, and it is run through the contract.

>>> from stallsim.server.policies.unbounded import Unbounded
>>> check_policy(Unbounded)
"""

from ._child import ClientCrashed
from ._client import check_client
from ._contract import ContractBroken
from ._policy import check_policy

__all__ = ["ClientCrashed", "ContractBroken", "check_client", "check_policy"]
