"""``http://``: an HTTP answer that does not end (RFC 9112), parsed by h11: events, chunks, or lines."""

from collections.abc import Iterator

import h11

from ...stream_protocol import Closed, Event, Opened, Opening, Protocol, ProtocolError, Refused, check_http
from ._bodies import Body, Chunks, LineBody
from ._server_sent_events import ServerSentEvents

_OK = 200
_STATUS_LINE_MIN_BYTES, _BEGINS_BYTES = len("HTTP/1.1 200"), 64
_ACCEPT = "text/event-stream, */*;q=0.5"
_EVENT_STREAM = b"text/event-stream"


class HttpStream(Protocol):
    """One GET and its answer. The answer decides what a message is: an event, a chunk, or a line."""

    def __init__(self) -> None:
        self._connection = h11.Connection(h11.CLIENT)
        self._body: Body = LineBody()
        self._begins = b""
        """The first bytes of the answer, kept until it is known whether they are HTTP."""

    def request(self, opening: Opening) -> bytes:
        given = {name.lower() for name, _ in opening.headers}
        usual = {"Host": opening.host, "Accept": _ACCEPT, "Accept-Encoding": "identity"}
        fields = [(name, value) for name, value in usual.items() if name.lower() not in given]
        request = h11.Request(method="GET", target=opening.resource, headers=[*fields, *opening.headers])
        return self._send(request) + self._send(h11.EndOfMessage())

    def receive(self, data: bytes) -> Iterator[Event]:
        if len(self._begins) < _STATUS_LINE_MIN_BYTES:
            self._begins = (self._begins + data)[:_BEGINS_BYTES]
            check_http(self._begins)
        try:
            self._connection.receive_data(data)
            while True:
                event = self._connection.next_event()
                if event in (h11.NEED_DATA, h11.PAUSED):
                    return
                yield from self._translate(event)
                if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                    return
        except h11.RemoteProtocolError as error:
            if data:
                raise ProtocolError(str(error)) from None
            # the server ended TCP within a chunk: TCP has ended, but not the answer

    def _translate(self, event: object) -> Iterator[Event]:
        match event:
            case h11.Response():
                yield self._answered(event)
            case h11.Data():
                yield from self._body.feed(bytes(event.data), ends_chunk=event.chunk_end)
            case h11.EndOfMessage():
                yield from self._body.end()
                yield Closed()

    def _answered(self, response: h11.Response) -> Event:
        fields = dict(response.headers)
        if response.status_code != _OK:
            return Refused(response.status_code)
        if fields.get(b"content-type", b"").partition(b";")[0].strip().lower() == _EVENT_STREAM:
            self._body = ServerSentEvents()
        elif b"transfer-encoding" in fields:
            self._body = Chunks()
        return Opened(fields.get(b"server", b"").decode("latin-1"))

    def _send(self, event: h11.Request | h11.EndOfMessage) -> bytes:
        return self._connection.send(event) or b""
