"""Both sides of a WebSocket, with each other and with wsproto, without a socket, bytes cut anywhere."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Pong, Request, TextMessage
from wsproto.extensions import PerMessageDeflate

from stallsim.stream_protocol import Closed, Event, Messages, Opened, Opening, Piece, ProtocolError
from stallsim.stream_protocol import Ping as PingSeen
from stallsim.stream_protocol import Pong as PongSeen
from stallsim.websocket.client import WebSocketClient
from stallsim.websocket.server import Accepted, Declined, WebSocketServer

OPENING = Opening(host="localhost", resource="/")
CLOSE, PING = b"\x88\x80----", b"\x89\x80----"
"""Of a client: their payload, which is empty, is masked."""
HEAD = b"GET / HTTP/1.1\r\nHost: x"
SIZES = st.lists(st.integers(1, 400), min_size=1, max_size=30)
"""Of the pieces that bytes arrive in, again and again."""
MESSAGES = st.lists(st.binary(max_size=300), max_size=5)


def both() -> tuple[WebSocketClient, WSConnection]:
    """Our client and wsproto's server, opened with each other."""
    client, server = WebSocketClient(), WSConnection(ConnectionType.SERVER)
    server.receive_data(client.request(OPENING))
    (request,) = server.events()
    assert isinstance(request, Request)
    (opened,) = client.receive(server.send(AcceptConnection()))
    assert isinstance(opened, Opened)
    return client, server


def served(*, deflate: bool = False) -> tuple[WSConnection, WebSocketServer]:
    """wsproto's client and our server, opened with each other."""
    client, server = WSConnection(ConnectionType.CLIENT), WebSocketServer(deflate=deflate)
    extensions = [PerMessageDeflate()] if deflate else []
    (accepted,) = server.receive(client.send(Request(host="localhost", target="/", extensions=extensions)))
    assert isinstance(accepted, Accepted)
    client.receive_data(accepted.answer)
    (answer,) = client.events()
    assert isinstance(answer, AcceptConnection)
    return client, server


def pieces(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    place = number = 0
    while place < len(data):
        yield data[place : place + sizes[number % len(sizes)]]
        place += sizes[number % len(sizes)]
        number += 1


def contents(events: Iterable[object]) -> list[bytes]:
    """The messages among them, whole."""
    whole, begun = list[bytes](), b""
    for event in events:
        match event:
            case Messages(many):
                whole += many
            case Piece(data, finished):
                begun += data
                if finished:
                    whole.append(begun)
                    begun = b""
            case _:
                pass
    return whole


@given(SIZES, MESSAGES, MESSAGES, st.booleans())
def test_each_side_is_told_what_the_other_has_sent(
    sizes: list[int], up: list[bytes], down: list[bytes], deflate: bool
) -> None:
    client, server = WebSocketClient(), WebSocketServer(deflate=deflate)
    opening = OPENING._replace(deflate=deflate)
    to_server: list[object] = []
    for piece in pieces(client.request(opening), sizes):
        to_server += server.receive(piece)
    (accepted,) = to_server
    assert isinstance(accepted, Accepted)
    assert server.deflates is deflate
    to_client: list[Event] = []
    words = accepted.answer + b"".join(server.message(one, binary=True) for one in down)
    for piece in pieces(words + server.ping(b"1"), sizes):
        to_client += client.receive(piece)
    assert isinstance(to_client[0], Opened)
    assert contents(to_client) == down
    assert to_client[-1] == PingSeen(b"1")
    words = client.pong(b"1") + b"".join(client.message(one, binary=True) for one in up)
    for piece in pieces(words + client.close(1001), sizes):
        to_server += server.receive(piece)
    assert to_server[1] == PongSeen(b"1")
    assert contents(to_server) == up
    assert to_server[-1] == Closed(1001, "")
    assert list(client.receive(server.close(1001, "bye"))) == [Closed(1001, "bye")]


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
    _, server = served()
    for side in (client, server):
        assert side.close(1000)
        assert (
            side.close(1000) == side.pong(b"") == side.ping(b"") == side.message(b"x", binary=True) == b""
        )


def test_what_is_no_frame_is_none_of_the_peer_s_closes_though_ours_is_sent() -> None:
    """Its own failure to read a frame is, in wsproto, an event like a Close of the peer's."""
    client, _ = both()
    _, server = served()
    for side, words in ((client, b"\xff\x00"), (server, b"\xff\x80----")):
        side.close(1000)
        with pytest.raises(ProtocolError) as error:
            list(side.receive(words))
        assert error.value.code == 1002


def test_text_that_is_not_utf_8_has_a_code_of_its_own() -> None:
    client, server = served()
    text = bytearray(client.send(TextMessage(data="x")))
    text[-1] ^= 0x80
    with pytest.raises(ProtocolError) as error:
        list(server.receive(bytes(text)))
    assert error.value.code == 1007


def test_what_comes_where_nothing_may_is_passed_over() -> None:
    client, server = WebSocketClient(), WebSocketServer()
    (accepted,) = server.receive(client.request(OPENING) + CLOSE)
    assert isinstance(accepted, Accepted)
    assert list(server.receive(CLOSE)) == [Closed(1005, "")]
    assert list(server.receive(PING)) == []


@pytest.mark.parametrize(
    "request_",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\xff\r\n\r\n", b"GET / HTTP/1.1\r\nHost: " + 17_000 * b"x"],
)
def test_what_opens_nothing_is_declined(request_: bytes) -> None:
    server = WebSocketServer()
    (declined,) = [event for piece in pieces(request_, [1000]) for event in server.receive(piece)]
    assert isinstance(declined, Declined)
    assert declined.answer.startswith(b"HTTP/1.1 400 ")
