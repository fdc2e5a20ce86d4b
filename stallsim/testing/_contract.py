"""The parts that both contracts share: the error for a breach, and the rules for every variant."""

import inspect
import sys

from msgspec import Struct

from ..errors import StallsimError

_SUMMARY_MAX = 99


class ContractBroken(StallsimError, AssertionError):
    """A variant violates its contract; the message states what was expected."""


def require_that(held: bool, expected: str) -> None:
    """Raises ContractBroken if a requirement of the contract does not hold."""
    if not held:
        raise ContractBroken(expected)


def check_frozen(variant: Struct) -> None:
    """Check that a variant is frozen, since all connections would share its state."""
    kind = type(variant)
    require_that(
        kind.__struct_config__.frozen, f"{kind.__name__} must be frozen: class X(Base, frozen=True)"
    )


def check_documented(variant: Struct) -> None:
    """Check that the variant's module and class have docstrings; called last."""
    kind = type(variant)
    documents = (
        (f"the module of {kind.__name__}", sys.modules[kind.__module__].__doc__),
        (kind.__name__, kind.__dict__.get("__doc__")),
    )
    for name, document in documents:
        summary = inspect.cleandoc(document or "").partition("\n")[0]
        require_that(bool(summary), f"{name} needs a docstring")
        length = len(summary)
        allowed = (
            f"the first line of the docstring of {name} may have {_SUMMARY_MAX} characters, not {length}"
        )
        require_that(length <= _SUMMARY_MAX, allowed)
