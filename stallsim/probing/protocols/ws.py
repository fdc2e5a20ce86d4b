"""``ws://``: the WebSocket protocol (RFC 6455)."""

from wsproto.extensions import PerMessageDeflate

from ...websocket.client import WebSocketClient


class _AsBrowsersOffer(PerMessageDeflate):
    """Offers permessage-deflate as browsers do: any window for the client, and none requested of the
    server (RFC 7692 7.1.2.2).
    """

    def offer(self) -> str:
        return "client_max_window_bits"


class WebSocket(WebSocketClient):
    """The client's end of a WebSocket; it offers the extensions that browsers offer."""

    deflate = _AsBrowsersOffer
