"""The server's part of the opening handshake (RFC 6455 4.2), fed as the bytes come."""

from typing import NamedTuple

from wsproto import WSConnection
from wsproto.events import AcceptConnection, Event, RejectConnection, Request
from wsproto.utilities import RemoteProtocolError

_REQUEST_BYTES_MAX = 16 * 1024


class Answer(NamedTuple):
    """What to say now, and whether that accepts the connection or ends it; neither: hear on."""

    data: bytes
    accepted: bool = False
    refused: bool = False


class OpeningHandshake:
    """Collects the request, however small its parts, and answers it once."""

    def __init__(self, websocket: WSConnection) -> None:
        self._websocket = websocket
        self._received = 0

    def hear(self, data: bytes) -> Answer:
        """The next bytes of the request."""
        self._received += len(data)
        try:
            self._websocket.receive_data(data)
            requested = any(isinstance(event, Request) for event in self._websocket.events())
        except RemoteProtocolError as error:
            # 400, or 426 with the version that we speak (RFC 6455 4.4)
            return self._refuse(error.event_hint or RejectConnection(status_code=400))
        except ValueError:  # wsproto decodes some headers as ASCII without asking
            return self._refuse(RejectConnection(status_code=400))
        if requested:
            return Answer(self._websocket.send(AcceptConnection()), accepted=True)
        return Answer(b"", refused=self._received >= _REQUEST_BYTES_MAX)

    def _refuse(self, answer: Event) -> Answer:
        return Answer(self._websocket.send(answer), refused=True)
