"""One cell: which policy, which guards, which client, at which rate."""

from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

CONTROL = "well-behaved"
"""In the stalling client's place it shows what the others get when nobody stalls."""


class Rate(Enum):
    """How much the stream carries."""

    FLOOD = "flood"
    """The buffers are full before the first Ping that could tell."""
    TRICKLE = "trickle"
    """No buffer is ever full, and between two messages nothing is in flight."""


class Cell(Struct, frozen=True):
    """A cell's name; names are those of the families and of ``guard_sets``."""

    policy: str
    guards: str
    client: str
    rate: Rate = Rate.FLOOD
    realtime: bool = False
    """Whether it runs on the wall clock: for the kernel's timers, or as the control of one that does."""

    @property
    def control(self) -> "Cell":
        """The same cell with a client that keeps up."""
        return replace(self, client=CONTROL)

    def __str__(self) -> str:
        trickle = "" if self.rate is Rate.FLOOD else ", trickle"
        return f"{self.policy}, {self.guards}, {self.client}{trickle}"

    @property
    def name(self) -> tuple[str, str, str, Rate]:
        """Its place in a table."""
        return self.policy, self.guards, self.client, self.rate
