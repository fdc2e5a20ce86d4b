"""The steps of a stall, as a recording and the dashboard name them."""

from collections.abc import Callable
from enum import Enum, auto

from ...timeline.outside import Look


class Step(Enum):
    """From the first look at a server to the last."""

    BASELINE = auto()
    """Both clients read, or the witness is alone."""
    STALLS = auto()
    """The client stalls, as its kind of stall says."""
    FULL = auto()
    """The kernels accept no more for it. This is inferred: the witness receives more."""
    WAKES = auto()
    """The client reads again."""
    CAUGHT_UP = auto()
    """The client has received what the witness has received."""
    GONE = auto()
    """The client has ended its connection with RST."""


RecordLook = Callable[[Step, Look, float], None]
"""Takes the step, the latest sample, and the bytes that the kernels refused until then."""
