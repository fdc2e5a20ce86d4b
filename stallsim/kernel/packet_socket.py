"""A socket that captures every packet of an interface (packet(7)), with its time and length.

The kernel copies each packet into a ring of shared memory and keeps no reference to it. A packet that
waited in the socket's own queue would hold the pages of its payload, which the sender would otherwise use
for its next bytes. The result of a run would then depend on how soon its packets are read (``one_cpu``).
"""

import ctypes
import errno
import mmap
import socket
import struct
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import EnvironmentUnfit, Unavailable

SNAP_BYTES = 1_600
"""Bytes that are kept of each packet: all headers, and a whole opening handshake."""
_ETH_P_ALL, _SOL_PACKET, _SO_ATTACH_FILTER = 0x0003, 263, 26
_PACKET_RX_RING, _PACKET_STATISTICS, _PACKET_VERSION, _TPACKET_V2 = 5, 6, 10, 1
_PACKET_OUTGOING = 4
_BLOCK_BYTES, _SLOT_BYTES = 64 * 1024, 2048
_RING_BYTES = 32 * 2**20
_SLOTS = _RING_BYTES // _SLOT_BYTES
_RING = struct.pack("=4I", _BLOCK_BYTES, _RING_BYTES // _BLOCK_BYTES, _SLOT_BYTES, _SLOTS)
"""``struct tpacket_req``."""
_SLOT = struct.Struct("=IIIHHII")
"""``struct tpacket2_hdr``: status, len, snaplen, mac, net, sec, nsec."""
_STATUS = struct.Struct("=I")
_FOR_US, _FOR_THE_KERNEL = 1, 0
_PKTTYPE_AT = 32 + 10
"""The offset of ``sll_pkttype`` in the ``struct sockaddr_ll`` after the header."""
_RETURN = 0x06


class Packet(NamedTuple):
    """One packet as it passed the interface."""

    unix_ns: int
    length: int
    """Bytes on the wire; ``data`` may contain fewer."""
    data: bytes
    """The packet from the link layer's header on, at most ``SNAP_BYTES``."""


def open_packet_socket(interface: str = "lo", no_private_stack: str = "") -> socket.socket:
    """A non-blocking socket that collects packets from now on. ``no_private_stack``: why none can be had.

    Raises Unavailable if the capability is missing, EnvironmentUnfit if there is no such interface.
    """
    try:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)  # nothing is collected before bind
    except PermissionError:
        raise Unavailable(
            "packets",
            "capturing them takes the capability CAP_NET_RAW",
            f"run it as root (a private stack would give it, but {no_private_stack})"
            if no_private_stack
            else "`private_stack=True` gives it without root (a lockstep run is in one where it can), or "
            "run it as root",
        ) from None
    try:
        _keep_no_more_than(sock, SNAP_BYTES)
        sock.setsockopt(_SOL_PACKET, _PACKET_VERSION, _TPACKET_V2)
        sock.setsockopt(_SOL_PACKET, _PACKET_RX_RING, _RING)
        sock.bind((interface, _ETH_P_ALL))
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        if error.errno == errno.ENODEV:
            raise EnvironmentUnfit(f"there is no network interface {interface!r}") from None
        raise
    return sock


class PacketRing:
    """The ring of memory into which the kernel puts a packet socket's packets, in the process that reads
    them.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._memory = mmap.mmap(sock.fileno(), _RING_BYTES)
        self._next = 0

    def packets(self) -> Iterator[Packet]:
        """The packets that have come. On loopback each packet is returned once: as it arrives, not as it
        leaves.
        """
        while True:
            at = self._next * _SLOT_BYTES
            status, length, kept, mac, _, seconds, nanoseconds = _SLOT.unpack_from(self._memory, at)
            if not status & _FOR_US:
                return
            outgoing = self._memory[at + _PKTTYPE_AT] == _PACKET_OUTGOING
            data = self._memory[at + mac : at + mac + kept]
            _STATUS.pack_into(self._memory, at, _FOR_THE_KERNEL)
            self._next = (self._next + 1) % _SLOTS
            if not outgoing:
                yield Packet(seconds * 10**9 + nanoseconds, length, data)


def lost(sock: socket.socket) -> int:
    """Packets since the last call for which the kernel had no room."""
    _, dropped = struct.unpack("=II", sock.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
    return int(dropped)


def _keep_no_more_than(sock: socket.socket, size: int) -> None:
    """Attach a filter of one instruction, whose return value is the number of bytes kept of a packet."""
    program = ctypes.create_string_buffer(struct.pack("=HBBI", _RETURN, 0, 0, size))
    filter_ = struct.pack("@HP", 1, ctypes.addressof(program))
    sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, filter_)
