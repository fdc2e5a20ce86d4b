"""A client of plain blocking sockets: the upgrade, whole frames, pongs, and the head of each message."""

import base64
import os
import re
import socket
import struct
import time
from collections.abc import Iterator
from typing import NamedTuple, Self

from .peer import Peer

HEAD = re.compile(rb"(\d{12}) (\d{10}\.\d{6}) ")
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA


class Message(NamedTuple):
    number: int
    made_s: float
    """The server's own clock, Unix time, when it made the message."""
    read_s: float
    """The monotonic clock, when it was read."""


class RawClient:
    """Reads only when it is told to."""

    _status = b" 101 "

    def __init__(self, peer: Peer, port: int) -> None:
        self._peer = peer
        self._unread = bytearray()
        self.read_bytes = 0
        self.messages: list[Message] = []
        self.close_code: int | None = None
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        fields = "".join(f"{line}\r\n" for line in self._fields())
        request = f"GET {self._resource(port)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fields}\r\n"
        self.socket.sendall(request.encode())
        while b"\r\n\r\n" not in self._unread:
            self._unread += self.socket.recv(65536)
        head, _, rest = bytes(self._unread).partition(b"\r\n\r\n")
        if self._status not in head.partition(b"\r\n")[0]:
            raise ConnectionError(head.decode())
        self._unread = bytearray(rest)
        for hello in peer.hello:
            self.send(TEXT, hello.encode())

    def _resource(self, _: int) -> str:
        return self._peer.path

    def _fields(self) -> tuple[str, ...]:
        key = base64.b64encode(os.urandom(16)).decode()
        upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
        return (*upgrade, f"Sec-WebSocket-Key: {key}")

    @property
    def local_port(self) -> int:
        port: int = self.socket.getsockname()[1]
        return port

    def read(self) -> bool:
        """One ``recv`` and what it completes; False at the end of the stream."""
        data = self.socket.recv(1 << 18)
        now = time.monotonic()
        self.read_bytes += len(data)
        self._unread += data
        for opcode, payload in self._frames():
            if opcode == PING:
                self.send(PONG, payload)
            elif opcode == CLOSE:
                self.close_code = struct.unpack(">H", payload[:2])[0] if payload else None
            elif found := HEAD.search(payload[:64]):
                self.messages.append(Message(int(found[1]), float(found[2]), now))
            elif answer := self._peer.replies.get(payload.decode(errors="replace")):
                self.send(TEXT, answer.encode())
        return data != b""

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        """RFC 6455, 5.2; no server of the table masks, fragments or compresses."""
        at, unread = 0, self._unread
        while len(unread) >= at + 2:
            length, start = unread[at + 1], at + 2
            extended = {126: ">H", 127: ">Q"}.get(length)
            if extended is not None:
                start += struct.calcsize(extended)
                if len(unread) < start:
                    break
                (length,) = struct.unpack_from(extended, unread, at + 2)
            if len(unread) < start + length:
                break
            yield unread[at] & 0xF, bytes(unread[start : start + length])
            at = start + length
        del unread[:at]

    def send(self, opcode: int, payload: bytes) -> None:
        """One masked frame of up to 64 KiB; the mask is zero, which is a mask all the same."""
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else struct.pack(">BH", 0x80 | 126, size)
        self.socket.sendall(bytes([0x80 | opcode]) + length + bytes(4) + payload)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def die(self) -> None:
        """Gone with a RST: no close frame, no FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class HttpClient(RawClient):
    """The same of a streamed answer: a message is a line, and no chunk ends within one."""

    _status = b" 200 "

    def _fields(self) -> tuple[str, ...]:
        return ("Accept: text/event-stream, */*",)

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        *lines, rest = bytes(self._unread).split(b"\n")
        self._unread = bytearray(rest)
        for line in lines:
            yield TEXT, line


def open_client(peer: Peer, port: int) -> RawClient:
    """By the protocol that the server speaks."""
    return (HttpClient if peer.scheme == "http" else RawClient)(peer, port)
