"""The last reading of a client's end, kept when it closes: its kernel cannot be asked any more."""

import socket
from typing import NamedTuple

from .queues import SocketMemory, receive_queue, socket_memory
from .tcp_info import TcpInfo, read_tcp_info


class ReceiverReading(NamedTuple):
    """Everything that a sample needs of the client's kernel."""

    info: TcpInfo
    rcvq_bytes: int
    memory: SocketMemory


def read_receiver(sock: socket.socket) -> ReceiverReading:
    """Raises OSError when the socket is closed."""
    return ReceiverReading(read_tcp_info(sock), receive_queue(sock), socket_memory(sock))
