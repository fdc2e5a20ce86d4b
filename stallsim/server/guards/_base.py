"""What a guard is: a frozen spec that decides when a connection has been silent, slow or stuck for
too long. It stands beside the policy, which decides over messages, and any number go together.

A guard of the server sees a ``Standing`` and answers; one of the kernel is a socket option, and the
kernel's own timer decides.
"""

import socket
from enum import Enum
from typing import ClassVar, NamedTuple

from ...profile.spec import Spec

_ROUNDING_S = 1e-6


class Standing(NamedTuple):
    """How long a connection has been in each state that a guard can lose patience with, in seconds of
    scenario time; None where it is not in it.
    """

    handshake_s: float | None
    """Since TCP connected, the opening handshake not complete."""
    unanswered_s: float | None
    """Since the oldest Ping that has no Pong."""
    blocked_s: float | None
    """Since the kernel last took a byte, bytes waiting."""
    closing_s: float | None
    """Since either side wished to close, the connection still there."""

    @staticmethod
    def longer(state_s: float | None, patience_s: float) -> bool:
        """Whether it has been in that state for as long, to the microsecond: ticks are sums."""
        return state_s is not None and state_s >= patience_s - _ROUNDING_S


class Disconnection(Enum):
    """How a server gets rid of a peer."""

    ABORT = "abort"
    """RST: at once, whatever is queued."""
    CLOSE = "close"
    """A closing handshake, as many libraries do it: its Close waits behind all that is queued."""


class Guard(Spec, frozen=True):
    """A guard: its fields are its options. All times are scenario time, or the kernel's own clock."""

    kernel_timer: ClassVar[bool] = False
    """Whether it is the kernel's clock that decides: then it acts in realtime only."""

    @property
    def name(self) -> str:
        """As a profile names it."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    @property
    def ends_by(self) -> Disconnection:
        """Whether it aborts the connection or closes it."""
        return Disconnection.ABORT

    @property
    def ping_interval_s(self) -> float | None:
        """How often it needs a Ping to be sent; None: not at all."""
        return None

    def prepare(self, sock: socket.socket) -> None:
        """Set the socket options that it consists of."""

    def due(self, standing: Standing) -> bool:
        """Whether the connection has been in that state for too long."""
        return False
