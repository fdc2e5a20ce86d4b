"""How the server ended parked clients, when, and whether a Close stood at the end of what it sent.

A parked client has no parser, so a Close is looked for in the last bytes that came: a whole unmasked frame
of that opcode, with a status code that may be sent (RFC 6455 5.5.1, 7.4). Where the connection ends without
one, or it is behind what the server's kernel could not send any more, it was FIN or RST alone.
"""

import os
import time
from array import array
from collections import Counter

from ..kernel.peer_errors import check_of_the_peer
from ..kinds import ParkedEnding
from ..timeline.fleet.clients import Ends
from ..timeline.histogram import Histogram, added

_CLOSE = 0x88
_HEAD_BYTES = 2
CONTROL_MAX_BYTES = 125
TAIL_BYTES = _HEAD_BYTES + CONTROL_MAX_BYTES
_READ_BYTES = 65536
_READ_MAX_BYTES = 8 * 2**20
_CODE_MIN, _CODE_MAX = 1000, 4999


class EndsSeen:
    """The ends that one process has seen. When each client opened takes 8 bytes a descriptor."""

    def __init__(self) -> None:
        self._opened_s = array("d")
        self._counts: Counter[ParkedEnding] = Counter()
        self._open_ms: dict[ParkedEnding, Histogram] = {}

    def opened(self, fd: int) -> None:
        """Now."""
        if fd >= len(self._opened_s):
            self._opened_s.extend([0.0] * (fd + 1024 - len(self._opened_s)))
        self._opened_s[fd] = time.monotonic()

    def ended(self, fd: int, how: ParkedEnding) -> None:
        """Now, in that way."""
        self._counts[how] += 1
        open_ms = round(1000 * (time.monotonic() - self._opened_s[fd]))
        before = self._open_ms.get(how, Histogram())
        self._open_ms[how] = added([before, Histogram.of([max(0, open_ms)])])

    def summary(self) -> dict[ParkedEnding, Ends]:
        """By the way in which they ended."""
        return {
            how: Ends(count=self._counts[how], open_ms=self._open_ms[how])
            for how in ParkedEnding
            if how in self._counts
        }


def rest_of(fd: int, tail: bytes = b"") -> bytes:
    """The last bytes of what waits to be read, after ``tail``; it is read, since the connection is over."""
    for _ in range(_READ_MAX_BYTES // _READ_BYTES):
        try:
            more = os.read(fd, _READ_BYTES)
        except OSError as error:
            check_of_the_peer(error)
            break  # reset: what the kernel still had is gone
        if not more:
            break
        tail = (tail + more)[-TAIL_BYTES:]
    return tail


def way_of_ending(how: ParkedEnding, tail: bytes, *, tls: bool) -> ParkedEnding:
    """``how``: FIN or RST, of which no Close is known yet; ``tail``: the last bytes before it.

    Over TLS they are sealed, and nobody knows whether a Close is in them.
    """
    if tls:
        return how.within_tls
    return ParkedEnding.CLOSE if ends_with_close(tail) else how


def ends_with_close(tail: bytes) -> bool:
    """Whether the last bytes of a stream are a Close frame as a server sends it."""
    at = tail.find(_CLOSE)
    while at >= 0:
        payload = tail[at + _HEAD_BYTES :]
        if at + 1 < len(tail) and tail[at + 1] == len(payload) <= CONTROL_MAX_BYTES and _is_close(payload):
            return True
        at = tail.find(_CLOSE, at + 1)
    return False


def _is_close(payload: bytes) -> bool:
    """Empty, or a status code and text."""
    if len(payload) < _HEAD_BYTES:
        return not payload
    code = int.from_bytes(payload[:2])
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        return False
    return _CODE_MIN <= code <= _CODE_MAX
