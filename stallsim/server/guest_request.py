"""Answers connections to a listener for guests: a WebSocket's request, or a request for the page."""

import socket
from pathlib import Path

import h11
import trio

_PAGE = Path(__file__).with_name("guest_page.html")
_REQUEST_BYTES_MAX = 16 * 1024
_PATIENCE_S = 10.0


async def asks_for_websocket(sock: socket.socket) -> bool:
    """Whether a request for a WebSocket has come, which stays unread in ``sock``.

    Other requests are answered here: the page at ``/``, 403 for a page of another origin, 404 for the
    rest. A peer that has sent no whole request within ``_PATIENCE_S`` gets no answer. Raises OSError if
    the peer is gone.
    """
    with trio.move_on_after(_PATIENCE_S):
        request = await _request(sock)
        if request is None:
            return False
        headers = {name.lower(): value for name, value in request.headers}
        upgrade = headers.get(b"upgrade", b"").lower() == b"websocket"
        if upgrade and headers.get(b"origin") in (None, b"http://" + headers.get(b"host", b"")):
            return True
        await _answer(sock, _status(request, upgrade=upgrade))
    return False


async def _request(sock: socket.socket) -> h11.Request | None:
    """The request, parsed and left in the socket; None if it is not one."""
    seen = 0
    while True:
        await trio.lowlevel.wait_readable(sock)
        data = sock.recv(_REQUEST_BYTES_MAX, socket.MSG_PEEK)
        parser = h11.Connection(h11.SERVER)
        try:
            parser.receive_data(data)
            event = parser.next_event()
        except h11.RemoteProtocolError:
            return None
        if isinstance(event, h11.Request):
            return event
        if len(data) in (0, _REQUEST_BYTES_MAX):
            return None
        if len(data) == seen:
            await trio.sleep(0.01)  # unread bytes keep the socket readable
        seen = len(data)


def _status(request: h11.Request, *, upgrade: bool) -> int:
    if upgrade:
        return 403
    return 200 if request.method == b"GET" and request.target in (b"/", b"/index.html") else 404


async def _answer(sock: socket.socket, status: int) -> None:
    """Send the page, or an empty answer, and end the connection."""
    body = _PAGE.read_bytes() if status == 200 else b""
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
    ]
    answer = h11.Connection(h11.SERVER)
    answer.receive_data(sock.recv(_REQUEST_BYTES_MAX))
    answer.next_event()
    stream = trio.SocketStream(trio.socket.from_stdlib_socket(sock.dup()))
    async with stream:
        await stream.send_all(answer.send(h11.Response(status_code=status, headers=headers)) or b"")
        await stream.send_all(answer.send(h11.Data(data=body)) or b"")
