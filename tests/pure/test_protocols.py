"""A client's side of each protocol, without a socket: whatever the pieces that bytes come in."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.probing.protocols import PROTOCOLS
from stallsim.stream_protocol import Closed, Event, Opened, Opening, Piece, ProtocolError, Refused

HEAD = b"HTTP/1.1 200 OK\r\nServer: somebody\r\n"
SSE = HEAD + b"Content-Type: text/event-stream; charset=utf-8\r\n"
LONG = b"data: " + b"x" * 10_000


def events(answer: bytes, cuts: list[int], *, fin: bool = True) -> Iterator[Event]:
    protocol = PROTOCOLS.find("http")()
    protocol.request(Opening(host="localhost", resource="/"))
    at = 0
    for cut in sorted({one % (len(answer) + 1) for one in cuts} | {len(answer)}):
        if answer[at:cut]:
            yield from protocol.receive(answer[at:cut])
        at = cut
    if fin:
        yield from protocol.receive(b"")


def messages(found: Iterator[Event]) -> list[bytes]:
    whole, part = [], b""
    for event in found:
        if isinstance(event, Piece):
            part += event.data
            if event.finished:
                whole.append(part)
                part = b""
    return whole


CUTS = st.lists(st.integers(0, 12_000), max_size=12)


@given(CUTS)
def test_events_are_what_lies_between_blank_lines(cuts: list[int]) -> None:
    body = (
        b": a comment\n\ndata: 1\r\n\r\nid: 7\nevent: price\ndata: 2\n\n\n"
        + LONG
        + b"\r\r: ping\n\ndata: 4\n\nda"
    )
    assert messages(events(SSE + b"\r\n" + body, cuts)) == [
        b"data: 1", b"id: 7\nevent: price\ndata: 2", LONG, b"data: 4"
    ]  # fmt: skip


@given(CUTS)
def test_of_a_chunked_answer_each_chunk_is_a_message(cuts: list[int]) -> None:
    body = b"5\r\nfirst\r\n6;a=b\r\nsecond\r\n2710\r\n" + b"x" * 10_000 + b"\r\n0\r\n\r\n"
    found = list(events(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body, cuts))
    assert messages(iter(found)) == [b"first", b"second", b"x" * 10_000]
    assert (found[0], found[-1]) == (Opened("somebody"), Closed())


@given(CUTS)
def test_a_line_that_a_servers_buffer_has_cut_is_one_message(cuts: list[int]) -> None:
    chunks = b"2\r\n1\n\r\n2\r\n2a\r\n3\r\nbc\n\r\n4\r\n3\n4\n\r\n1\r\n5\r\n0\r\n\r\n"
    found = messages(events(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks, cuts))
    assert found == [b"1\n", b"2abc\n", b"3\n4\n", b"5"]


@given(CUTS)
def test_of_an_answer_that_ends_with_tcp_each_line_is_a_message(cuts: list[int]) -> None:
    body = b'{"a": 1}\n\n{"b": 2}\r\n' + b"x" * 70_000 + b"\nlast"
    found = messages(events(HEAD + b"\r\n" + body, cuts))
    assert found[:3] == [b'{"a": 1}', b'{"b": 2}\r', b"x" * 65536]
    assert found[3:] == [b"x" * (70_000 - 65536), b"last"]


@given(CUTS)
def test_events_may_come_in_chunks_that_are_none(cuts: list[int]) -> None:
    body = b"7\r\ndata: 1\r\n5\r\n\n\ndat\r\n6\r\na: 2\n\n\r\n"
    head = SSE + b"Transfer-Encoding: chunked\r\n\r\n"
    assert messages(events(head + body, cuts, fin=False)) == [b"data: 1", b"data: 2"]


def test_an_end_of_tcp_within_a_chunk_ends_no_answer() -> None:
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    assert list(events(head + b"5\r\nfir", []))[1:] == [Piece(b"fir", finished=False)]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"HTTP/1.1 503 Starting\r\nContent-Length: 0\r\n\r\n", [Refused(503), Closed()]),
        (
            b"HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
            [Refused(302), Closed()],
        ),
    ],
)
def test_another_status_begins_no_stream(answer: bytes, found: list[Event]) -> None:
    assert list(events(answer, [], fin=False)) == found


def test_what_is_no_http_breaks_the_protocol() -> None:
    with pytest.raises(ProtocolError):
        list(events(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", []))


def test_the_request_asks_for_a_stream_as_it_is() -> None:
    opening = Opening(host="localhost:80", resource="/events?a=1", headers=(("Accept", "*/*"), ("X", "y")))
    request = PROTOCOLS.find("http")().request(opening)
    assert request == (
        b"GET /events?a=1 HTTP/1.1\r\nHost: localhost:80\r\nAccept-Encoding: identity\r\n"
        b"Accept: */*\r\nX: y\r\n\r\n"
    )
