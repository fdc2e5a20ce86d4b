"""The server's part of the opening handshake (RFC 6455 4.2), fed as the bytes come."""

from typing import NamedTuple

from wsproto import WSConnection
from wsproto.events import AcceptConnection, Event, RejectConnection, Request
from wsproto.extensions import PerMessageDeflate
from wsproto.utilities import RemoteProtocolError

_REQUEST_BYTES_MAX = 16 * 1024


class Answer(NamedTuple):
    """What to say now, and whether that accepts the connection or ends it; neither: hear on."""

    data: bytes
    accepted: bool = False
    refused: bool = False


class OpeningHandshake:
    """Collects the request, however small its parts, and answers it once. ``deflate``: whether to
    agree to permessage-deflate (RFC 7692) where the client offers it.
    """

    def __init__(self, websocket: WSConnection, *, deflate: bool) -> None:
        self._websocket = websocket
        self._deflate = PerMessageDeflate() if deflate else None
        self._received = 0

    @property
    def deflates(self) -> bool:
        """Whether permessage-deflate has been agreed on."""
        return self._deflate is not None and self._deflate.enabled()

    def receive(self, data: bytes) -> Answer:
        """The next bytes of the request."""
        self._received += len(data)
        try:
            self._websocket.receive_data(data)
            if any(isinstance(event, Request) for event in self._websocket.events()):
                return Answer(self._websocket.send(self._acceptance()), accepted=True)
        except RemoteProtocolError as error:
            # 400, or 426 with the version that we speak (RFC 6455 4.4)
            return self._refuse(error.event_hint or RejectConnection(status_code=400))
        except ValueError:  # wsproto decodes some headers as ASCII, or as numbers, without asking
            return self._refuse(RejectConnection(status_code=400))
        return Answer(b"", refused=self._received >= _REQUEST_BYTES_MAX)

    def _acceptance(self) -> AcceptConnection:
        return AcceptConnection(extensions=[self._deflate] if self._deflate else [])

    def _refuse(self, answer: Event) -> Answer:
        return Answer(self._websocket.send(answer), refused=True)
