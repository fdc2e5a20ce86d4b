"""A network stack of one's own for a server that is started: its kernel's share is kilobytes."""

from ..errors import StallsimError
from ..kernel import private_stack
from .spec import STACK_SYSCTL, ProbeSpec


def enter_if_wanted(spec: ProbeSpec) -> None:
    """Move this process, for good, into a private stack if ``spec`` asks for one.

    Raises StallsimError where no server is started in it, Unavailable where the system forbids it.
    """
    if not spec.private_stack:
        return
    if spec.command is None:
        raise StallsimError("`private_stack=`: only a server that `command=` starts can be in it")
    private_stack.enter(STACK_SYSCTL)
