"""One cell: a policy, a guard set, a client and a rate."""

from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

CONTROL = "well-behaved"
"""The client that stands in for the stalling one to show what the witness gets without a stall."""


class Rate(Enum):
    """The rate of the stream."""

    FLOOD = "flood"
    """The buffers are full before the first Ping that could detect the stall."""
    TRICKLE = "trickle"
    """No buffer is ever full, and between two messages nothing is in flight."""


class Cell(Struct, frozen=True):
    """The name of a cell; its parts are names of the families and of ``guard_sets``."""

    policy: str
    guards: str
    client: str
    rate: Rate = Rate.FLOOD
    realtime: bool = False
    """Whether the cell runs in realtime: for the kernel's timers, or as the control of such a cell."""

    @property
    def control(self) -> "Cell":
        """The same cell with a client that keeps up."""
        return replace(self, client=CONTROL)

    def __str__(self) -> str:
        trickle = "" if self.rate is Rate.FLOOD else ", trickle"
        return f"{self.policy}, {self.guards}, {self.client}{trickle}"

    @property
    def name(self) -> tuple[str, str, str, Rate]:
        """The cell's place in a table."""
        return self.policy, self.guards, self.client, self.rate
