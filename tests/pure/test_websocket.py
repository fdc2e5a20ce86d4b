"""The client's side of a WebSocket beside wsproto's server's side, with no socket between."""

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Pong, Request

from stallsim.stream_protocol import Closed, Opened, Opening
from stallsim.stream_protocol import Ping as PingSeen
from stallsim.websocket.client import WebSocketClient


def both() -> tuple[WebSocketClient, WSConnection]:
    """Opened with each other."""
    client, server = WebSocketClient(), WSConnection(ConnectionType.SERVER)
    server.receive_data(client.request(Opening(host="localhost", resource="/")))
    (request,) = server.events()
    assert isinstance(request, Request)
    (opened,) = client.receive(server.send(AcceptConnection()))
    assert isinstance(opened, Opened)
    return client, server


def test_a_ping_is_answered_though_a_close_came_behind_it_in_one_read() -> None:
    """RFC 6455 5.5.2: unless it had received a Close before, a client answers."""
    client, server = both()
    words = server.send(Ping(payload=b"7")) + server.send(CloseConnection(code=1001))
    ping, closed = client.receive(words)
    assert (ping, closed) == (PingSeen(b"7"), Closed(1001, ""))
    server.receive_data(client.pong(b"7") + client.close(1001))
    assert [type(event) for event in server.events()] == [Pong, CloseConnection]


def test_nothing_follows_our_own_close() -> None:
    client, _ = both()
    assert client.close(1000)
    assert client.close(1000) == client.pong(b"") == client.message(b"x", binary=True) == b""
