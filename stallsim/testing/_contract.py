"""What both contracts share: how a breach is told, and what every variant owes its reader."""

import inspect
import sys

from msgspec import Struct

from ..errors import StallsimError

_SUMMARY_MAX = 99


class ContractBroken(StallsimError, AssertionError):
    """A variant does what its contract forbids; the message says what was expected of it."""


def require_that(held: bool, expected: str) -> None:
    """Raises ContractBroken where something that the contract demands does not hold."""
    if not held:
        raise ContractBroken(expected)


def check_frozen(variant: Struct) -> None:
    """A variant is a frozen spec: what it remembered would be shared by all connections."""
    kind = type(variant)
    require_that(
        kind.__struct_config__.frozen, f"{kind.__name__} must be frozen: class X(Base, frozen=True)"
    )


def check_documented(variant: Struct) -> None:
    """Its module and its class say what it is; asked for last, after what it does."""
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
