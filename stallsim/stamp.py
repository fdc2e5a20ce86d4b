"""The stamp at the head of every payload of the stream: the message's number, and when it was made."""

import struct
from typing import NamedTuple

_STAMP = struct.Struct(">QQ")
STAMP_BYTES = _STAMP.size


class Stamp(NamedTuple):
    """A message's number in its stream, and the scenario time, in us, at which it was made."""

    number: int
    made_us: int

    def pack(self) -> bytes:
        """The stamp's 16 bytes, in network byte order."""
        return _STAMP.pack(*self)


def unpack(payload: bytes | bytearray) -> Stamp | None:
    """The stamp at the head of a payload; None if it has too few bytes."""
    return Stamp._make(_STAMP.unpack_from(payload)) if len(payload) >= STAMP_BYTES else None
