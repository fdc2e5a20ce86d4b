"""The last few looks at every socket, as the kernel gave them: to compare the newest with one 5 s older.

Kept as bytes, since of very many sockets few are read in full. A socket is known by its cookie, never by
its ports: those may be used again between two looks.
"""

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

from ..kernel.diag_socket import DiagSocket, SocketId, unpack_diag, unpack_id
from ..kernel.glance import Glance, Glances
from .sources._base import Raw

SPAN_S = 5.0
"""A reader that drips shows a shut window for 4.4 s at a time; two readings this far apart show both."""

_APART_S = 2.0


Mark = tuple[int, int]
"""``bytes_acked`` and ``snd_wnd``."""


class ReadingsByCookie(NamedTuple):
    """What the kernel has told of every connection at one moment, by the socket's cookie."""

    at_s: float
    sockets: Mapping[int, Raw]
    marks: Mapping[int, Mark]
    """Connections that have a glance, by cookie: the next glance is compared with it."""


class RecentReadings:
    """The latest looks: as many as are needed so that the oldest of them is old enough to compare with."""

    def __init__(self) -> None:
        self._looks: deque[ReadingsByCookie] = deque()

    def base(self, now_s: float) -> ReadingsByCookie | None:
        """The newest look that is at least SPAN_S old, else the oldest one; None before the first look."""
        while len(self._looks) > 1 and now_s - self._looks[1].at_s >= SPAN_S:
            self._looks.popleft()
        return self._looks[0] if self._looks else None

    def add(self, look: ReadingsByCookie) -> None:
        """Add the newest look; it replaces the one before if that was only a moment ago."""
        if not self._looks or look.at_s - self._looks[-1].at_s >= _APART_S:
            self._looks.append(look)


_GLANCES = Glances()


def full(raw: Raw) -> DiagSocket:
    """Reads every field of the socket from the kernel's message."""
    return unpack_diag(raw) if isinstance(raw, bytes) else raw


def id_of(raw: Raw) -> SocketId:
    """The cookie, by which the kernel identifies the socket."""
    return unpack_id(raw) if isinstance(raw, bytes) else raw.id


def glance(raw: Raw) -> Glance | None:
    """The few fields that show whether a full reading is needed; None where the source lacks them."""
    return _GLANCES.read(raw) if isinstance(raw, bytes) else None


def cookie_of(raw: Raw, seen: Glance | None) -> int:
    """The cookie by which the kernel identifies the socket, read from its message."""
    return seen.cookie if seen is not None else full(raw).id.cookie
