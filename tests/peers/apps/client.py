"""The client of plain sockets for applications: it joins as each wants it, and finds messages in any frame."""

import time
from collections.abc import Iterator

from ..raw import HEAD, TEXT, RawClient
from .app import App

_HEAD_BYTES, _CONTROL = 31, 8
_HEARTBEAT_S = 4.0
_JOIN_S_MAX = 60.0


class AppClient(RawClient):
    """Frames may hold several messages, or parts of them: the bytes in them are one stream."""

    def __init__(self, app: App, port: int) -> None:
        self._app, self._tail, self._beat_s = app, b"", time.monotonic()
        super().__init__(app, port)
        app.join(self)

    def read(self) -> bool:
        """And give the application's own sign of life, if it has one."""
        if self._app.heartbeat and time.monotonic() - self._beat_s > _HEARTBEAT_S:
            self._beat_s = time.monotonic()
            self.send(TEXT, self._app.heartbeat)
        return super().read()

    def expect(self, part: bytes) -> None:
        """Read until a message has that in it."""
        while True:
            for _, payload in super()._frames():
                if part in payload:
                    return
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError(f"{self._app.name} ended the connection before {part!r}")
            self._unread += data

    def _resource(self, port: int) -> str:
        return self._app.resource(port) if self._app.resource else self._app.path

    def _fields(self) -> tuple[str, ...]:
        offered = (f"Sec-WebSocket-Protocol: {self._app.subprotocol}",) if self._app.subprotocol else ()
        return (*super()._fields(), *offered)

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        for opcode, payload in super()._frames():
            if opcode >= _CONTROL:
                yield opcode, payload
                continue
            stream, end = self._tail + payload, 0
            for head in HEAD.finditer(stream):
                end = head.end()
                yield TEXT, head[0]
            self._tail = stream[max(end, len(stream) - _HEAD_BYTES + 1) :]


def join_app(app: App, port: int) -> AppClient:
    """As soon as the application lets it: what listens may not serve yet."""
    give_up_s = time.monotonic() + _JOIN_S_MAX
    while True:
        try:
            return AppClient(app, port)
        except OSError:
            if time.monotonic() > give_up_s:
                raise
            time.sleep(0.2)
