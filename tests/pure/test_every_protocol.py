"""The rules for every protocol of a stream; a new protocol is tested without being named here."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wsproto.utilities import generate_accept_token

from stallsim.probing.protocols import PROTOCOLS
from stallsim.stream_protocol import (
    Closed,
    Event,
    Messages,
    Opened,
    Opening,
    Protocol,
    ProtocolError,
    Refused,
)

SWITCHING = b"(101)"
"""Stands for the answer that opens a WebSocket, which depends on the request's key."""
SAID = (
    SWITCHING,
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 103 Hints\r\n\r\n",
    b"HTTP/1.1 404 None\r\n",
    b"Content-Length: 4\r\n",
    b"Content-Type: text/event-stream\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"\r\n",
    b"4\r\nabcd\r\n",
    b"0\r\n\r\n",
    b"data: 1\n\n",
    b"\x81\x02hi",
    b"\x01\x02hi",
    b"\x89\x00",
    b"\x88\x02\x03\xe8",
)
ANSWERS = st.lists(st.sampled_from(SAID) | st.binary(max_size=9), max_size=12)
CUTS = st.lists(st.integers(0, 400), max_size=8)
GOOD = [SWITCHING, b"\x81\x02hi", b"\x88\x02\x03\xe8"]
CHUNKED = [
    b"HTTP/1.1 200 OK\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"\r\n",
    b"4\r\nabcd\r\n",
    b"0\r\n\r\n",
]


@pytest.mark.parametrize("name", PROTOCOLS.names())
@given(ANSWERS, CUTS)
@example([], [])
@example(GOOD, [])
@example([*GOOD, b"\x81\x02hi"], [150])
@example(CHUNKED, [])
@example([*CHUNKED, *CHUNKED], [20, 60])
@example(CHUNKED[:-1], [1])
def test_an_answer_begins_with_opened_or_refused_and_closed_is_the_last_of_it(
    name: str, answer: list[bytes], cuts: list[int]
) -> None:
    protocol = PROTOCOLS.find(name)()
    request = protocol.request(Opening(host="localhost", resource="/"))
    found = list(events_of(protocol, b"".join(answer).replace(SWITCHING, switching(request)), cuts))
    assert not fault_of(found), f"{name}: {fault_of(found)}: {found}"


def fault_of(found: list[Event]) -> str:
    """What these events of one answer break; empty where they are in order."""
    begins = [place for place, event in enumerate(found) if isinstance(event, Opened | Refused)]
    if begins != ([0] if found else []):
        return "first of all comes Opened or Refused, once"
    closed = [place for place, event in enumerate(found) if isinstance(event, Closed)]
    return "" if closed in ([], [len(found) - 1]) else "after Closed comes nothing"


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ([], ""),
        ([Refused(503), Closed()], ""),
        ([Opened(""), Messages([b"a"])], ""),
        ([Messages([b"a"])], "Opened or Refused"),
        ([Closed()], "Opened or Refused"),
        ([Opened(""), Opened("")], "once"),
        ([Opened(""), Closed(), Messages([b"a"])], "after Closed"),
    ],
)
def test_a_protocol_in_another_order_is_noticed(found: list[Event], fault: str) -> None:
    assert fault in fault_of(found)
    assert bool(fault) == bool(fault_of(found))


def events_of(protocol: Protocol, answer: bytes, cuts: list[int]) -> Iterator[Event]:
    """What comes of it, cut at these places, and then of the end of TCP; until a ProtocolError."""
    places = sorted({0, len(answer), *(one % (len(answer) + 1) for one in cuts)})
    pieces = [answer[begin:end] for begin, end in pairwise(places)]
    try:
        for piece in [*pieces, b""]:
            yield from protocol.receive(piece)
    except ProtocolError:
        return


def switching(request: bytes) -> bytes:
    """The answer to a WebSocket's request; to any other, one that does not fit."""
    key = re.search(rb"Sec-WebSocket-Key: (\S+)", request)
    token = generate_accept_token(key[1] if key else b"none")
    fields = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + token
    return b"HTTP/1.1 101 Switching Protocols\r\n" + fields + b"\r\n\r\n"
