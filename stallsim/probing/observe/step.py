"""How far a stall is, as those who only look on are told."""

from collections.abc import Callable
from enum import Enum, auto

from ...timeline.outside import Look


class Step(Enum):
    """From the first look at a server to the last."""

    BASELINE = auto()
    """Both clients read, or the witness alone."""
    STALLS = auto()
    """The client does what its stall says."""
    FULL = auto()
    """The kernels take no more for it (inferred: the witness is given more)."""
    WAKES = auto()
    """It reads again."""
    CAUGHT_UP = auto()
    """It has been given what the witness was given."""
    GONE = auto()
    """It has ended its connection with RST."""


RecordLook = Callable[[Step, Look, float], None]
"""Takes the step, the latest sample, and the bytes that the kernels refused until then."""
