"""What can be seen of a server from outside, on this machine."""

import psutil

from .dial import Wire
from .eyes import ServerEnd, Sight


def sight_of(pid: int | None) -> Sight:
    """With a process id, its memory and that of its children."""
    memory = _Memory(pid)
    return Sight(server_end=_unseen, visible=False, memory=memory.rss)


def _unseen(wire: Wire) -> ServerEnd | None:
    return None


class _Memory:
    def __init__(self, pid: int | None) -> None:
        self._process = None if pid is None else psutil.Process(pid)

    def rss(self) -> int | None:
        """RSS, in bytes, of the process and its children."""
        if self._process is None:
            return None
        try:
            family = [self._process, *self._process.children(recursive=True)]
            return sum(int(one.memory_info().rss) for one in family)
        except psutil.Error:
            return None
