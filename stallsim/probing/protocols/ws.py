"""``ws://``: the WebSocket protocol (RFC 6455)."""

from wsproto.extensions import PerMessageDeflate

from ...websocket.client import WebSocketClient


class _AsBrowsersOffer(PerMessageDeflate):
    """Browsers offer any window of the client's, and ask for none (RFC 7692 7.1.2.2)."""

    def offer(self) -> str:
        return "client_max_window_bits"


class WebSocket(WebSocketClient):
    """A client's side of a WebSocket, which offers what browsers offer."""

    deflate = _AsBrowsersOffer
