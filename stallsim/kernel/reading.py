"""One reading of each end of a connection: everything that a sample needs, copied in one place."""

import socket
from typing import NamedTuple

from .queues import SocketMemory, receive_queue, send_queue, socket_memory
from .tcp_info import TcpInfo, read_tcp_info


class SenderReading(NamedTuple):
    """The server's end."""

    info: TcpInfo
    outq_bytes: int
    memory: SocketMemory


class ReceiverReading(NamedTuple):
    """The client's end."""

    info: TcpInfo
    rcvq_bytes: int
    memory: SocketMemory


def read_sender(sock: socket.socket) -> SenderReading:
    """Raises OSError when the socket is closed."""
    return SenderReading(read_tcp_info(sock), send_queue(sock), socket_memory(sock))


def read_receiver(sock: socket.socket) -> ReceiverReading:
    """Raises OSError when the socket is closed."""
    return ReceiverReading(read_tcp_info(sock), receive_queue(sock), socket_memory(sock))
