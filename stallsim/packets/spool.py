"""Packets between their capture and the file that is made of them: time, length and data of each."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from ..kernel.packet_socket import Packet

SPOOL_BYTES_MAX = 2**30
"""Beyond this no packet is kept: a capture is bounded like everything else."""
_HEAD = struct.Struct("=QII")


def pack(packet: Packet) -> bytes:
    """One packet in the spool's format."""
    return _HEAD.pack(packet.unix_ns, packet.length, len(packet.data)) + packet.data


def unpack_spool(spool: BinaryIO) -> Iterator[Packet]:
    """All packets from the beginning."""
    spool.seek(0)
    while len(head := spool.read(_HEAD.size)) == _HEAD.size:
        unix_ns, length, kept = _HEAD.unpack(head)
        yield Packet(unix_ns, length, spool.read(kept))
