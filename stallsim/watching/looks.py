"""Keeps the last few looks at every socket, so that the newest can be compared with one that is 5 s older.

A reading is kept as the kernel's message, since only few of very many sockets are read in full. A socket is
identified by its cookie, never by its ports, which may be used again between two looks.
"""

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

from ..kernel.diag_socket import DiagSocket, SocketId, unpack_diag, unpack_id
from ..kernel.glance import Glance, Glances
from .sources._base import Raw

SPAN_S = 5.0
"""Seconds between two compared readings. A client that reads a little at a time shows a shut window for up
to 4.4 s; two readings this far apart show that it opens, too.
"""

_APART_S = 2.0


Mark = tuple[int, int]
"""``bytes_acked`` and ``snd_wnd``."""


class ReadingsByCookie(NamedTuple):
    """The readings of every connection at one moment, by the socket's cookie."""

    at_s: float
    sockets: Mapping[int, Raw]
    marks: Mapping[int, Mark]
    """The values that the next glance is compared with, by cookie; only of connections that have a
    glance.
    """


class RecentReadings:
    """The latest looks, as many as are needed for the oldest to be at least SPAN_S old."""

    def __init__(self) -> None:
        self._looks: deque[ReadingsByCookie] = deque()

    def base(self, now_s: float) -> ReadingsByCookie | None:
        """The newest look that is at least SPAN_S old, else the oldest one; None before the first look."""
        while len(self._looks) > 1 and now_s - self._looks[1].at_s >= SPAN_S:
            self._looks.popleft()
        return self._looks[0] if self._looks else None

    def add(self, look: ReadingsByCookie) -> None:
        """Add the newest look, unless the look before it is less than two seconds old."""
        if not self._looks or look.at_s - self._looks[-1].at_s >= _APART_S:
            self._looks.append(look)


_GLANCES = Glances()


def full(raw: Raw) -> DiagSocket:
    """Every field of the socket, decoded from the kernel's message."""
    return unpack_diag(raw) if isinstance(raw, bytes) else raw


def id_of(raw: Raw) -> SocketId:
    """The cookie, by which the kernel identifies the socket."""
    return unpack_id(raw) if isinstance(raw, bytes) else raw.id


def glance(raw: Raw) -> Glance | None:
    """The few fields that show whether a full reading is needed; None if the source lacks them."""
    return _GLANCES.read(raw) if isinstance(raw, bytes) else None


def cookie_of(raw: Raw, seen: Glance | None) -> int:
    """The cookie by which the kernel identifies the socket, read from its message."""
    return seen.cookie if seen is not None else full(raw).id.cookie
