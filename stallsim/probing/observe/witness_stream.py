"""Counts the bytes of the witness's stream as its kernel does, but without control frames (Ping, Pong,
Close).
"""

import trio

from ...kernel.snapshot import ReceiverReading
from ..client.stream_client import StreamClient

_CONTROL_MAX_BYTES = 160
"""The size of the largest control frame (RFC 6455 5.5) in a TLS record."""


class WitnessStream:
    """Measures the bytes and the silence of one WebSocket's stream from look to look.

    A few bytes that come between two looks, while no part of a message is read, are taken for a control
    frame and not counted. Those of them that are still unread are examined again at the next look.
    """

    def __init__(self, stream_client: StreamClient) -> None:
        self._stream_client = stream_client
        self._stream_bytes = self._aside_bytes = 0
        self._looked_s = float("-inf")

    def look(self, own: ReceiverReading) -> tuple[int, float]:
        """Bytes since the connection began, and seconds since the last byte; ``own`` has just been read."""
        if not self._stream_client.connection.alive:
            return self._stream_bytes, 0.0
        now, last_message_s = trio.current_time(), self._stream_client.last_message_s
        received, unread = own.info.bytes_received, own.rcvq_bytes
        idle_s, fresh = own.info.last_data_recv / 1000, received - self._stream_bytes - self._aside_bytes
        if last_message_s < self._looked_s and unread <= fresh <= _CONTROL_MAX_BYTES:
            self._aside_bytes += fresh - unread
            idle_s = max(idle_s, now - last_message_s)
        else:
            self._stream_bytes += fresh
        self._looked_s = now
        return self._stream_bytes, idle_s
