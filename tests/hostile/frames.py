"""WebSocket frames and the answer that opens one, as bytes (RFC 6455): no library to object."""

import struct
from base64 import b64encode
from hashlib import sha1

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True) -> bytes:
    """An unmasked frame (RFC 6455 5.2)."""
    first, size = opcode | 0x80 * fin, len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65536:
        return bytes((first, 126)) + struct.pack(">H", size) + payload
    return bytes((first, 127)) + struct.pack(">Q", size) + payload


def switching(request: bytes, *fields: bytes) -> bytes:
    """The answer that opens the WebSocket."""
    key = request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
    accept = b64encode(sha1(key + _GUID).digest())
    named = (b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Accept: " + accept, *fields)
    return b"HTTP/1.1 101 Switching Protocols\r\n" + b"".join(one + b"\r\n" for one in named) + b"\r\n"
