"""The base class of guards: a frozen spec that decides when a connection has been silent, slow or stuck
for too long. A guard works beside the policy, which decides over messages; any number of guards can be
combined.

A guard of the server examines a ``StateTimes``. A guard of the kernel is a socket option, and the kernel's
timer decides.
"""

import socket
from enum import Enum
from typing import ClassVar, NamedTuple

from ...profile.spec import Spec

_ROUNDING_S = 1e-6


class StateTimes(NamedTuple):
    """How long a connection has been in each state that a guard limits, in seconds of scenario time; None:
    not in that state.
    """

    handshake_s: float | None
    """Seconds since TCP connected, while the opening handshake is not complete."""
    unanswered_s: float | None
    """Seconds since the oldest Ping without a Pong."""
    blocked_s: float | None
    """Seconds since the kernel last accepted a byte, while bytes wait."""
    closing_s: float | None
    """Seconds since either side began to close, while the connection still exists."""

    @staticmethod
    def longer(state_s: float | None, patience_s: float) -> bool:
        """Whether the state has lasted this long, to the microsecond, since ticks are sums."""
        return state_s is not None and state_s >= patience_s - _ROUNDING_S


class Disconnection(Enum):
    """How a server ends the connection of a peer."""

    ABORT = "abort"
    """RST at once, whatever is queued."""
    CLOSE = "close"
    """A closing handshake, as many libraries do it; its Close waits behind all queued bytes."""


class Guard(Spec, frozen=True):
    """A guard: its fields are its options. All times are scenario time, or the kernel's own clock."""

    kernel_timer: ClassVar[bool] = False
    """Whether the kernel's clock decides; then the guard works only in realtime."""

    @property
    def name(self) -> str:
        """The guard's name in a profile."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    @property
    def ends_by(self) -> Disconnection:
        """Whether the guard aborts the connection or closes it."""
        return Disconnection.ABORT

    @property
    def ping_interval_s(self) -> float | None:
        """Seconds between two Pings that the guard needs; None: it needs none."""
        return None

    def prepare(self, sock: socket.socket) -> None:
        """Set the guard's socket options."""

    def due(self, times: StateTimes) -> bool:
        """Whether the connection has been in the guard's state for too long."""
        return False
