"""The network stack of a fleet: the machine's, or a private one where half-open clients need it."""

from collections.abc import Iterable

from ..errors import EnvironmentUnfit
from ..kernel import ambient, black_hole, private_stack
from ..kernel.tcp_memory import tcp_memory
from .parked import PARKED
from .spec import FleetSpec


def enter_for_half_open(spec: FleetSpec) -> bool:
    """Move this process, for good, into a private stack where the fleet needs it; whether that was so.

    Its server, which is started later, and its local workers are in it as well. The workers of a scheduler
    are where they are, and check it themselves. Raises Unavailable where the kernel forbids it, and
    EnvironmentUnfit where the server runs already, and so outside.
    """
    elsewhere = spec.workers is not None and spec.workers.scheduler is not None
    if elsewhere or not need_black_hole(spec.mix) or black_hole.permitted():
        return False
    if spec.command is None:
        raise cannot_drop("start the server with `command=`, so that it shares a private stack with them")
    tcp_memory()  # whose limits are not to be seen within
    private_stack.enter({})
    ambient.keep_over_exec(ambient.CAP_NET_ADMIN)  # who holds the clients is a program of its own
    return True


def check_black_hole(kinds: Iterable[str]) -> None:
    """Raises EnvironmentUnfit where some of these kinds need a right that this process does not have."""
    if need_black_hole(kinds) and not black_hole.permitted():
        raise cannot_drop("run the workers as root")


def need_black_hole(kinds: Iterable[str]) -> bool:
    """Whether a kernel has to drop what arrives for some of these kinds of clients."""
    return any(PARKED.find(kind).black_hole for kind in kinds)


def cannot_drop(remedy: str) -> EnvironmentUnfit:
    """The error for a process without CAP_NET_ADMIN."""
    return EnvironmentUnfit(
        "half-open clients: their kernel has to drop every segment that arrives, which takes "
        f"CAP_NET_ADMIN; {remedy}, or leave them out"
    )
