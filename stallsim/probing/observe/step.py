"""The steps of a stall, by the names in a recording and on the dashboard."""

from collections.abc import Callable
from enum import Enum, auto

from ...timeline.outside import Look


class Step(Enum):
    """The steps from the first look at a server to the last."""

    BASELINE = auto()
    """Both clients read, or only the witness is connected."""
    STALLS = auto()
    """The client stalls in the way of its kind of stall."""
    FULL = auto()
    """The kernels accept no more bytes for the client. This is inferred, since the witness
    receives more.
    """
    WAKES = auto()
    """The client reads again."""
    CAUGHT_UP = auto()
    """The client has received everything that the witness has received."""
    GONE = auto()
    """The client has ended its connection with RST."""


RecordLook = Callable[[Step, Look, float], None]
"""Called with the step, the latest look, and the bytes that the kernels have refused until then."""
