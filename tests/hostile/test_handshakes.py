"""Answers to the opening handshake: in pieces of any size, with interim answers, with any byte in them."""

import random

import pytest
from wsproto.utilities import generate_accept_token

from stallsim.probing.protocols.ws import WebSocket
from stallsim.stream_protocol import Event, Messages, Opened, Opening, Piece, ProtocolError, Refused

OPENING = Opening(host="localhost", resource="/")
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
TEXT = b"\x81\x05hello"
FIELDS = [
    b"Connection",
    b"Upgrade",
    b"Sec-WebSocket-Extensions",
    b"Sec-WebSocket-Protocol",
    b"Sec-WebSocket-Accept",
    b"X-Other",
]


def answered(answer: bytes, *, piece: int, end: bytes = b"\r\n") -> list[Event]:
    """The events of a handshake that is answered so; ``%s`` stands for the token that is accepted."""
    protocol = WebSocket()
    request = protocol.request(OPENING)
    key = request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
    data = answer.replace(b"%s", generate_accept_token(key)).replace(b"\r\n", end) + TEXT
    events: list[Event] = []
    for start in range(0, len(data), piece):
        events += protocol.receive(data[start : start + piece])
    return events


def switching(*fields: bytes) -> bytes:
    named = (b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Accept: %s", *fields)
    return b"HTTP/1.1 101 Switching Protocols\r\n" + b"".join(one + b"\r\n" for one in named) + b"\r\n"


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("piece", [1, 7, 100_000])
@pytest.mark.parametrize("before", [b"", INTERIM, INTERIM * 30 + b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_in_pieces_and_after_interim_answers(before: bytes, piece: int, end: bytes) -> None:
    first, *rest = answered(before + switching(b"Server: nobody"), piece=piece, end=end)
    assert first == Opened("nobody")
    assert b"".join(b"".join(e.contents) if isinstance(e, Messages) else e.data for e in rest
                    if isinstance(e, Messages | Piece)) == b"hello"  # fmt: skip


@pytest.mark.parametrize("piece", [1, 100_000])
def test_a_refusal_with_a_body(piece: int) -> None:
    events = answered(b"HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nno!", piece=piece)
    assert events[0] == Refused(403)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [b"\xff", b"caf\xe9", b"\xc3\xa9", b"a\x00b", b'x; y="', b","])
def test_any_byte_in_a_field_is_an_error_or_none(field: bytes, value: bytes) -> None:
    answer = switching(field + b": " + value)
    try:
        events = answered(answer, piece=100_000)
    except ProtocolError:
        return
    assert isinstance(events[0], Opened)


def test_a_head_without_an_end_is_bounded() -> None:
    protocol = WebSocket()
    protocol.request(OPENING)
    list(protocol.receive(b"HTTP/1.1 101 X\r\n" + b"X: y\r\n" * 10_000))
    with pytest.raises(ProtocolError, match="a head of more than 65,536 bytes"):
        list(protocol.receive(b"X: y\r\n" * 1000))


@pytest.mark.parametrize("seed", range(100))
def test_noise_in_an_answer_raises_nothing_else(seed: int) -> None:
    draw = random.Random(seed)
    answer = bytearray(draw.choice([switching(b"Server: x"), INTERIM + switching(), draw.randbytes(300)]))
    for _ in range(draw.randint(1, 8)):
        place = draw.randrange(len(answer))
        answer[place : place + draw.randint(0, 3)] = draw.randbytes(draw.randint(0, 3))
    try:
        answered(bytes(answer), piece=draw.randint(1, 400))
    except ProtocolError:
        return
