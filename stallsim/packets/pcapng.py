"""Writes the blocks of a pcapng file that stallsim needs (IETF draft-ietf-opsawg-pcapng), which takes
about a page.

The libraries that write such files were last released in 2022, or support no comments, or have another
licence.
"""

import struct
from collections.abc import Sequence
from typing import BinaryIO

from ..kernel.packet_socket import Packet

_SECTION, _INTERFACE, _NAMES, _STATISTICS, _PACKET = 0x0A0D0D0A, 1, 4, 5, 6
_MAGIC, _ETHERNET = 0x1A2B3C4D, 1
_END, _COMMENT, _NAME, _TIME_RESOLUTION, _APPLICATION, _DROPPED = 0, 1, 2, 9, 4, 5
_NANOSECONDS = b"\x09"
_COMMENT_BYTES_MAX = 60_000
_IPV4_NAME = 1

Option = tuple[int, bytes]


class PcapngWriter:
    """Writes one section with one interface."""

    def __init__(
        self, out: BinaryIO, application: str, interface: str, snap_bytes: int, comment: str
    ) -> None:
        self._out = out
        options = [(_COMMENT, _text(comment)), (_APPLICATION, _text(application))]
        self._block(_SECTION, struct.pack("<IHHq", _MAGIC, 1, 0, -1), options)
        about = [(_NAME, _text(interface)), (_TIME_RESOLUTION, _NANOSECONDS)]
        self._block(_INTERFACE, struct.pack("<HHI", _ETHERNET, 0, snap_bytes), about)

    def names(self, addresses: dict[bytes, Sequence[str]]) -> None:
        """Write names of IPv4 addresses, each of 4 bytes; the first name of each is shown."""
        body = b""
        for address, names in addresses.items():
            record = address + b"".join(_text(name) + b"\0" for name in names)
            body += struct.pack("<HH", _IPV4_NAME, len(record)) + _padded(record)
        self._block(_NAMES, body + struct.pack("<HH", _END, 0), [])

    def packet(self, packet: Packet, comments: Sequence[str]) -> None:
        """Write one packet; each comment is an option of its own."""
        high, low = divmod(packet.unix_ns, 2**32)
        head = struct.pack("<IIIII", 0, high, low, len(packet.data), packet.length)
        options = [(_COMMENT, _text(comment)) for comment in comments]
        self._block(_PACKET, head + _padded(packet.data), options)

    def statistics(self, unix_ns: int, dropped: int) -> None:
        """Write the number of packets for which the kernel had no room."""
        high, low = divmod(unix_ns, 2**32)
        self._block(
            _STATISTICS, struct.pack("<III", 0, high, low), [(_DROPPED, struct.pack("<Q", dropped))]
        )

    def _block(self, kind: int, body: bytes, options: Sequence[Option]) -> None:
        for code, value in options:
            body += struct.pack("<HH", code, len(value)) + _padded(value)
        if options:
            body += struct.pack("<HH", _END, 0)
        length = len(body) + 12
        self._out.write(struct.pack("<II", kind, length) + body + struct.pack("<I", length))


def _text(words: str) -> bytes:
    """UTF-8, as long as an option may be."""
    return words.encode("utf-8", "replace")[:_COMMENT_BYTES_MAX].decode("utf-8", "ignore").encode()


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
