"""``mqtt``: MQTT 3.1.1 over WebSocket (OASIS mqtt-v3.1.1-os, 6), with QoS 0."""

from collections.abc import Iterator

from ..messages import ClientMessage
from ._base import ApplicationProtocol, JoinRefused, SpokenAnswer

_CONNECT, _SUBSCRIBE, _PINGREQ = 0x10, 0x82, 0xC0
"""Types of packets that the client sends; it receives 0x20 CONNACK and 0x90 SUBACK."""
_CLEAN_SESSION = 0x02
_KEEP_ALIVE_S = 60
_REFUSED, _REASONS = (
    0x80,
    ("", "protocol version", "client identifier", "server", "credentials", "not authorized"),
)


class Mqtt(ApplicationProtocol):
    """MQTT 3.1.1: subscribes to a topic filter with QoS 0, sends PINGREQ."""

    argument = "TOPIC"
    subprotocols = ("mqtt",)

    def __init__(self, argument: str, client: str) -> None:
        super().__init__(argument, client)
        self.heartbeat_s = _KEEP_ALIVE_S / 2
        self._unread = b""

    def begin(self) -> Iterator[ClientMessage]:
        level_and_flags = bytes([4, _CLEAN_SESSION]) + _KEEP_ALIVE_S.to_bytes(2, "big")
        yield _packet(_CONNECT, _string("MQTT") + level_and_flags + _string(f"stallsim-{self.client}"))

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        """Answers to a message, which may hold a part of a packet or several packets (6.0,
        MQTT-6.0.0-4).
        """
        if self.joined:
            return
        self._unread += content
        while (found := _first_packet(self._unread)) is not None:
            kind, body, self._unread = found
            match kind:
                case 0x20 if body[1]:
                    why = _REASONS[body[1]] if body[1] < len(_REASONS) else body[1]
                    raise JoinRefused(f"CONNACK refuses the connection: {why}")
                case 0x20:
                    subscribe = (1).to_bytes(2, "big") + _string(self.given) + b"\0"
                    yield SpokenAnswer(_packet(_SUBSCRIBE, subscribe))
                case 0x90 if body[-1] == _REFUSED:
                    raise JoinRefused(f"SUBACK refuses the topic {self.given!r}")
                case 0x90:
                    self.joined, self._unread = True, b""

    def heartbeat(self) -> ClientMessage:
        return _packet(_PINGREQ, b"")


def _packet(kind: int, body: bytes) -> ClientMessage:
    """A control packet (2): its type, the remaining length, and the body."""
    length, size = bytearray(), len(body)
    while True:
        size, digit = divmod(size, 128)
        length.append(digit | (0x80 if size else 0))
        if not size:
            return ClientMessage(bytes([kind]) + bytes(length) + body, binary=True)


def _string(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def _first_packet(data: bytes) -> tuple[int, bytes, bytes] | None:
    """The first packet's type, its body, and the bytes after it; None if it is not complete."""
    size = 0
    for place, digit in enumerate(data[1:5]):
        size |= (digit & 0x7F) << (7 * place)
        if not digit & 0x80:
            begin = place + 2
            if len(data) < begin + size:
                return None
            return data[0], data[begin : begin + size], data[begin + size :]
    return None
