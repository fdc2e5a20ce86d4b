"""Moves the probe into a network stack of its own, in which a kernel holds only kilobytes
for the server.
"""

from ..errors import StallsimError
from ..kernel import private_stack
from .spec import STACK_SYSCTL, ProbeSpec


def enter_if_wanted(spec: ProbeSpec) -> None:
    """Move this process permanently into a private stack, if ``spec`` asks for one.

    Raises StallsimError if no server is started in it, Unavailable if the system forbids it.
    """
    if not spec.private_stack:
        return
    if spec.command is None:
        raise StallsimError("`private_stack=`: a private stack needs a server that `command=` starts")
    private_stack.enter(STACK_SYSCTL)
