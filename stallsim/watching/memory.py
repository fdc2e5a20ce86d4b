"""The memory of the servers' processes: its size, and how fast it grows."""

from collections import deque

import psutil

from ..probing.observe.slope import slope
from ..probing.server.process_tree import ProcessTree

_READINGS_MAX = 150
_NOT_GROWING = 1024.0
"""The least growth, in bytes per second, that a few minutes of readings can show; less counts as none."""


class ProcessMemory:
    """The memory of the processes that hold the listening sockets, and of all their children."""

    def __init__(self, pids: tuple[int, ...]) -> None:
        self._tree = ProcessTree(pids)
        self._readings: deque[tuple[float, float]] = deque(maxlen=_READINGS_MAX)

    def read(self, at_s: float) -> int | None:
        """Read and return the resident bytes; None if no process can be read, or all have ended."""
        reading = self._tree.read()
        if not reading.alive:
            return None
        self._readings.append((at_s, float(reading.rss_bytes)))
        return reading.rss_bytes

    @property
    def slope(self) -> float | None:
        """The growth of the memory in bytes per second, over the stored readings."""
        return slope(list(self._readings))

    def ends_s(self) -> float | None:
        """Seconds until the available memory of this machine is used up; None if the servers do not
        grow.
        """
        growth = self.slope
        if growth is None or growth < _NOT_GROWING:
            return None
        return float(psutil.virtual_memory().available) / growth
