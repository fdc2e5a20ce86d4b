"""``python -m stallsim.packets.worker SOCKET SPOOL STOP``: collects packets until the stop pipe is closed.

The worker is a process of its own, since the run must not wait for it. The arguments are numbers of
inherited descriptors. In the end it prints the number of packets for which the kernel had no room, and
whether the spool is full.
"""

import os
import select
import socket
import sys

from ..kernel.packet_socket import Packet, PacketRing, lost
from .spool import SPOOL_BYTES_MAX, pack


def collect(sock: socket.socket, spool: int, stop: int) -> tuple[int, bool]:
    """Collect packets; return the number of lost packets, and whether the spool was full."""
    size, full = 0, False
    ring, stopped = PacketRing(sock), False
    while not stopped:
        ready, _, _ = select.select([sock.fileno(), stop], [], [])
        stopped = stop in ready  # packets already in the ring are still collected
        for packet in ring.packets():
            full = full or size > SPOOL_BYTES_MAX
            if not full:
                size += _append(spool, packet)
    return lost(sock), full


def _append(spool: int, packet: Packet) -> int:
    record = pack(packet)
    rest = memoryview(record)
    while rest:
        rest = rest[os.write(spool, rest) :]
    return len(record)


if __name__ == "__main__":
    packet_socket, spool_file, stop_pipe = map(int, sys.argv[1:])
    missing, was_full = collect(socket.socket(fileno=packet_socket), spool_file, stop_pipe)
    sys.stdout.write(f"{missing} {int(was_full)}\n")
