"""The scanner of a server's frames beside wsproto, however they are cut; and the chunks of a stream."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong, TextMessage

from stallsim.probing.client.byte_chunks import ByteChunks
from stallsim.probing.client.message_log import MessageLog
from stallsim.stream_protocol import ProtocolError
from stallsim.websocket.frame_scanner import FrameScanner

MESSAGES = st.one_of(
    st.text(max_size=200), st.binary(max_size=300), st.just("x" * 70_000), st.just(b"y" * 200)
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(MESSAGES, st.integers(1, 3)),
        st.just(Ping(payload=b"1")),
        st.just(Pong(payload=b"2")),
        st.just(CloseConnection(code=1001, reason="away")),
    ),
    max_size=8,
)


class Scanned(MessageLog):
    """Messages are logged; Pings, Pongs and what is handed on are written down as frames, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.others: list[bytes] = []

    def take_ping(self, payload: bytes) -> None:
        self.others.append(bytes((0x89, len(payload))) + payload)

    def take_pong(self, payload: bytes) -> None:
        self.others.append(bytes((0x8A, len(payload))) + payload)

    def scanner(self) -> FrameScanner:
        return FrameScanner(self, self.others.append)


def sent(event: object) -> bytes:
    server = Connection(ConnectionType.SERVER)
    if not isinstance(event, tuple):
        return server.send(event)  # type: ignore[arg-type]
    message, parts = event
    size = -(-len(message) // parts) or 1
    pieces = [message[place : place + size] for place in range(0, len(message), size)] or [message]
    kind = TextMessage if isinstance(message, str) else BytesMessage
    return b"".join(
        server.send(kind(data=piece, message_finished=number == len(pieces)))
        for number, piece in enumerate(pieces, start=1)
    )


def feed(scanner: FrameScanner, data: bytes, size: int) -> None:
    for place in range(0, len(data), size):
        scanner.feed(data[place : place + size])


def pieces_of(data: bytes, cuts: random.Random) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        size = cuts.choice((1, 2, 7, 100, 65536))
        yield data[place : place + size]
        place += size


@given(EVENTS, st.randoms(use_true_random=False))
def test_messages_and_control_frames_are_those_that_were_sent(
    events: list[object], cuts: random.Random
) -> None:
    log = Scanned()
    scanner = log.scanner()
    for piece in pieces_of(b"".join(map(sent, events)), cuts):
        scanner.feed(piece)
    messages = [event[0] for event in events if isinstance(event, tuple)]
    encoded = [one.encode() if isinstance(one, str) else one for one in messages]
    whole = MessageLog()
    for message in encoded:
        whole.feed(message, finished=True)
    assert (log.messages, log.payload_bytes) == (len(messages), sum(map(len, encoded)))
    assert (log.digests, log.sizes) == (whole.digests, whole.sizes)
    assert log.chunks.digests == whole.chunks.digests
    assert log.marks(0, log.messages) == whole.marks(0, log.messages)
    assert log.others == [sent(event) for event in events if not isinstance(event, tuple)]


@pytest.mark.parametrize(
    "frames", [b"\x81\x02\xc3\x28", b"\x01\x01a\x81\x01b", b"\x80\x01a", b"\x01\x02\xc3\xa9\x80\x01\xc3"]
)
@pytest.mark.parametrize("size", [1, 100])
def test_what_is_against_the_protocol_is_said(frames: bytes, size: int) -> None:
    log = Scanned()
    scanner = log.scanner()
    with pytest.raises(ProtocolError):
        feed(scanner, frames, size)
    assert not log.others


@pytest.mark.parametrize("frame", [b"\xc1\x01a", b"\x83\x01a", b"\x81\x81\0\0\0\0a", b"\x89\x01a"])
def test_frames_of_other_kinds_are_handed_on(frame: bytes) -> None:
    log = Scanned()
    log.scanner().feed(frame)
    assert b"".join(log.others).startswith(frame[:3])


def records(form: str, count: int) -> list[bytes]:
    noise = random.Random(7)
    return [
        form.format(n=number, t=1_700_000_000 + noise.random(), pad="x" * 6600).encode()
        for number in range(count)
    ]


FORMS = (
    "MSG prices 1 6631\r\n{n:012d} {t:.6f} {pad}\r\n",
    '{{"type":"price","symbol":"ABC","n":{n},"t":{t:.3f}}}',
    '{{"type":"price","n":{n},"symbol":"A long name","currency":"EUR","more":"constant text"}}',
    "{n}\n",
    "\x1b[32m{t:.2f}\x1b[0m line of a terminal\r\n",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("joined_up", [3, 17])
def test_the_same_bytes_give_the_same_chunks_wherever_they_begin_and_however_they_are_cut(
    form: str, joined_up: int
) -> None:
    made = records(form, 4000 if "pad" in form else 40_000)
    stream = b"".join(made)
    own, other = ByteChunks(), ByteChunks()
    for record in made:
        own.feed(record)
    late = sum(map(len, made[:311])) + 3
    for place in range(late, len(stream), joined_up * 1000):
        other.feed(stream[place : place + joined_up * 1000])
    common = set(own.digests) & set(other.digests)
    assert len(common) > 0.8 * len(other.digests)
    assert len(set(own.digests)) > 0.9 * len(own.digests)


def test_random_bytes_give_chunks_of_about_a_kilobyte_and_a_run_of_one_byte_long_ones() -> None:
    chunks, run = ByteChunks(), ByteChunks()
    chunks.feed(random.Random(1).randbytes(4_000_000))
    assert 1000 < 4_000_000 / len(chunks.digests) < 4000
    run.feed(b"0" * 1_000_000)
    assert len(run.digests) < 20
