"""A socket that sees every packet of an interface (packet(7)), each with its time and its length."""

import ctypes
import errno
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from ..errors import EnvironmentUnfit, Unavailable

SNAP_BYTES = 1_600
"""What is kept of each packet: all headers, and a whole opening handshake."""
_ETH_P_ALL, _SOL_PACKET, _PACKET_STATISTICS, _PACKET_AUXDATA = 0x0003, 263, 6, 8
_PACKET_OUTGOING = 4
_SO_ATTACH_FILTER, _SO_TIMESTAMPNS, _SO_RCVBUFFORCE = 26, 35, 33
_BUFFER_BYTES = 64 * 2**20
_AUXDATA = struct.Struct("=IIIHHHH")
"""``struct tpacket_auxdata``: status, len, snaplen, ..."""
_TIMESPEC = struct.Struct("@ll")
_RETURN = 0x06
_ROOM = socket.CMSG_SPACE(_TIMESPEC.size) + socket.CMSG_SPACE(_AUXDATA.size)


class Packet(NamedTuple):
    """One packet as it passed the interface."""

    unix_ns: int
    length: int
    """On the wire; ``data`` may hold less."""
    data: bytes
    """From the link layer's header on, at most ``SNAP_BYTES``."""


def open_packet_socket(interface: str = "lo") -> socket.socket:
    """A non-blocking socket that collects packets from now on.

    Raises Unavailable where the capability is missing, EnvironmentUnfit where there is no such interface.
    """
    try:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)  # nothing is collected before bind
    except PermissionError:
        raise Unavailable(
            "packets",
            "capturing them takes the capability CAP_NET_RAW",
            "`private_stack=True` gives it without root (a lockstep run is in one where it can), or run it "
            "as root",
        ) from None
    try:
        _keep_no_more_than(sock, SNAP_BYTES)
        sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        sock.setsockopt(_SOL_PACKET, _PACKET_AUXDATA, 1)
        with suppress(PermissionError):  # without CAP_NET_ADMIN the default must do, and losses are counted
            sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
        sock.bind((interface, _ETH_P_ALL))
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        if error.errno == errno.ENODEV:
            raise EnvironmentUnfit(f"there is no network interface {interface!r}") from None
        raise
    return sock


def packets(sock: socket.socket) -> Iterator[Packet]:
    """Those that wait in the socket. On loopback each is seen once: as it arrives, not as it leaves."""
    while True:
        try:
            data, ancillary, _, address = sock.recvmsg(SNAP_BYTES, _ROOM)
        except BlockingIOError:
            return
        if address[2] == _PACKET_OUTGOING:
            continue
        unix_ns, length = 0, len(data)
        for level, kind, value in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
                seconds, nanoseconds = _TIMESPEC.unpack(value[: _TIMESPEC.size])
                unix_ns = seconds * 10**9 + nanoseconds
            elif (level, kind) == (_SOL_PACKET, _PACKET_AUXDATA):
                length = _AUXDATA.unpack(value[: _AUXDATA.size])[1]
        yield Packet(unix_ns, length, data)


def lost(sock: socket.socket) -> int:
    """Packets since the last call that the kernel had no room for."""
    _, dropped = struct.unpack("=II", sock.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
    return int(dropped)


def _keep_no_more_than(sock: socket.socket, size: int) -> None:
    """A filter of one instruction: what it returns is how much of a packet is kept."""
    program = ctypes.create_string_buffer(struct.pack("=HBBI", _RETURN, 0, 0, size))
    filter_ = struct.pack("@HP", 1, ctypes.addressof(program))
    sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, filter_)
