"""``python -m stallsim.packets.worker SOCKET SPOOL STOP``: collects packets until the stop pipe is closed.

A process of its own, since the run must not wait for it. The numbers are descriptors that it is given. In
the end it prints how many packets the kernel had no room for, and whether the spool is full.
"""

import os
import select
import socket
import sys

from ..kernel.packet_socket import Packet, PacketRing, lost
from .spool import SPOOL_BYTES_MAX, pack


def collect(sock: socket.socket, spool: int, stop: int) -> tuple[int, bool]:
    """How many packets were lost, and whether there was no more room."""
    size, full = 0, False
    ring, stopped = PacketRing(sock), False
    while not stopped:
        ready, _, _ = select.select([sock.fileno(), stop], [], [])
        stopped = stop in ready  # what is in the ring by now is still taken
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
