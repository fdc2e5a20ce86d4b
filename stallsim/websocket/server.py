"""The server's end of a WebSocket: it answers the request once that is whole (h11 allows 16 KiB); then
come frames.
"""

from collections.abc import Iterator
from typing import NamedTuple

from wsproto import ConnectionType
from wsproto.connection import ConnectionState
from wsproto.events import AcceptConnection, Event, RejectConnection, Request
from wsproto.extensions import Extension, PerMessageDeflate
from wsproto.utilities import RemoteProtocolError

from ..stream_protocol import Event as StreamEvent
from .endpoint import Endpoint

_FRAMES_COME = frozenset({ConnectionState.OPEN, ConnectionState.LOCAL_CLOSING})


class Accepted(NamedTuple):
    """The client's request opens the WebSocket, once this answer has been sent (RFC 6455 4.2.2)."""

    answer: bytes


class Declined(NamedTuple):
    """The request does not open a WebSocket: after this answer TCP is to end."""

    answer: bytes


class WebSocketServer(Endpoint):
    """The server's end of a WebSocket. ``deflate``: whether to agree to permessage-deflate (RFC 7692) if
    the client offers it.
    """

    def __init__(self, *, deflate: bool = False) -> None:
        super().__init__(ConnectionType.SERVER)
        self._deflate = PerMessageDeflate() if deflate else None

    @property
    def deflates(self) -> bool:
        """Whether permessage-deflate has been agreed on."""
        return self._deflate is not None and self._deflate.enabled()

    def receive(self, data: bytes) -> Iterator[Accepted | Declined | StreamEvent]:
        """The events in these bytes. Raises ProtocolError.

        Bytes after a Close are ignored, and so are bytes after the request and before its answer, for
        which a client has to wait (RFC 6455 4.1). Each event must be answered before the next one is
        requested; so a Ping that comes before a Close is also answered before it.
        """
        if self._connection.state is ConnectionState.CONNECTING:
            if (answer := self._shake_hands(data)) is not None:
                yield answer
        elif self._connection.state in _FRAMES_COME:
            yield from self._frames(data)

    def _shake_hands(self, data: bytes) -> Accepted | Declined | None:
        """The answer to the request; None while the request is not whole."""
        extensions: list[Extension] = [self._deflate] if self._deflate else []
        try:
            self._connection.receive_data(data)
            if any(isinstance(event, Request) for event in self._connection.events()):
                return Accepted(self._connection.send(AcceptConnection(extensions=extensions)))
        except RemoteProtocolError as error:
            # 400, or 426 with the version that this server supports (RFC 6455 4.4)
            return self._decline(error.event_hint or RejectConnection(status_code=400))
        except ValueError:  # wsproto decodes some headers as ASCII, or as numbers, without asking
            return self._decline(RejectConnection(status_code=400))
        return None

    def _decline(self, answer: Event) -> Declined:
        return Declined(self._connection.send(answer))
