"""Parses a captured packet: its TCP ports and flags, and the window that it advertises."""

import struct
from typing import NamedTuple

_ETHERNET_BYTES, _IPV4, _IPV6, _TCP = 14, 0x0800, 0x86DD, 6
_IPV6_BYTES = 40


class Segment(NamedTuple):
    """The fields of a TCP header that decide to which packet a comment belongs (RFC 9293 3.1)."""

    source: int
    destination: int
    window: int
    """The window in the header, before scaling; 0 is 0 at any scale."""
    syn: bool
    reset: bool


def segment_of(packet: bytes) -> Segment | None:
    """Parse a packet that begins with the link layer's header; None if it is no TCP segment, or too
    short.
    """
    try:
        (kind,) = struct.unpack_from("!H", packet, 12)
        if kind == _IPV4 and packet[_ETHERNET_BYTES + 9] == _TCP:
            start = _ETHERNET_BYTES + 4 * (packet[_ETHERNET_BYTES] & 0x0F)
        elif kind == _IPV6 and packet[_ETHERNET_BYTES + 6] == _TCP:
            start = _ETHERNET_BYTES + _IPV6_BYTES
        else:
            return None
        source, destination = struct.unpack_from("!HH", packet, start)
        flags, window = struct.unpack_from("!BH", packet, start + 13)
    except (struct.error, IndexError):
        return None
    return Segment(source, destination, window, bool(flags & 0x02), bool(flags & 0x04))
