"""The memory of the servers' processes beside their connections: how much, and how fast it grows."""

from collections import deque

import psutil

from ..probing.observe.slope import slope
from ..probing.server.process_tree import ProcessTree

_READINGS_MAX = 150
_NOT_GROWING = 1024.0
"""Growth in bytes a second that a few minutes can show; less counts as none."""


class ProcessMemory:
    """The processes that hold the listening sockets, and all their children."""

    def __init__(self, pids: tuple[int, ...]) -> None:
        self._tree = ProcessTree(pids)
        self._readings: deque[tuple[float, float]] = deque(maxlen=_READINGS_MAX)

    def read(self, at_s: float) -> int | None:
        """Read the resident bytes; None where no process can be read, or all have ended."""
        reading = self._tree.read()
        if not reading.alive:
            return None
        self._readings.append((at_s, float(reading.rss_bytes)))
        return reading.rss_bytes

    @property
    def slope(self) -> float | None:
        """How many bytes a second the memory grew by, over the looks that are remembered."""
        return slope(list(self._readings))

    def ends_s(self) -> float | None:
        """Seconds until the memory that this machine has left is used up; None where it does not grow."""
        growth = self.slope
        if growth is None or growth < _NOT_GROWING:
            return None
        return float(psutil.virtual_memory().available) / growth
