"""Each application's protocol, without a socket: what a client sends, and what it waits for."""

import msgspec
import pytest

from stallsim.errors import StallsimError, UnknownVariant
from stallsim.probing.client.conversation import Conversation
from stallsim.probing.messages import ClientMessage, Hello, Pattern, Reply
from stallsim.probing.speak import (
    SPEAK,
    ApplicationProtocol,
    JoinRefused,
    find_application_protocol,
    split_spoken,
)
from stallsim.probing.spec import Target

MQTT_CONNECT = b"\x10\x1d\0\x04MQTT\x04\x02\0\x3c\0\x11stallsim-abcdefgh"
STOMP_CONNECTED = b"CONNECTED\nversion:1.2\nheart-beat:0,4000\n\n\0"


def said(spoken: str, *received: bytes) -> tuple[ApplicationProtocol, list[bytes]]:
    """What a client sends at first and for each of those messages."""
    protocol = find_application_protocol(spoken, "abcdefgh")
    sent = [message.content for message in protocol.begin()]
    for content in received:
        assert not protocol.joined
        sent += [answer.message.content for answer in protocol.receive(content)]
    return protocol, sent


JOINS: list[tuple[str, list[bytes], list[bytes]]] = [
    ("socket.io", [b'0{"sid":"x","pingInterval":25000}', b'40{"sid":"y"}'], [b"40"]),
    ("socket.io prices", [b'0{"sid":"x"}', b'40/prices,{"sid":"y"}'], [b"40/prices,"]),
    ("engine.io", [b'0{"sid":"x","pingInterval":25000}'], []),
    ("graphql-ws", [b'{"type":"connection_ack"}'], [b'{"type":"connection_init"}']),
    (
        "graphql-ws subscription { tick }",
        [b'{"type":"connection_ack","payload":{}}'],
        [
            b'{"type":"connection_init"}',
            b'{"type":"subscribe","id":"1","payload":{"query":"subscription { tick }"}}',
        ],
    ),
    (
        "mqtt a/#b",
        [b"\x20\x02", b"\0\0\x90\x03\0\x01", b"\0\x30\x05\0\x01a"],
        [MQTT_CONNECT, b"\x82\x09\0\x01\0\x04a/#b\0"],
    ),
    (
        "stomp /topic/a:b guest secret",
        [STOMP_CONNECTED],
        [
            b"CONNECT\naccept-version:1.1,1.2\nhost:/\nheart-beat:10000,10000\nlogin:guest\npasscode:secret\n\n\0",
            b"SUBSCRIBE\nid:0\ndestination:/topic/a\\cb\nack:auto\n\n\0",
        ],
    ),
    ("signalr", [b"{}\x1e"], [b'{"protocol":"json","version":1}\x1e']),
    (
        "signalr Start",
        [b'{}\x1e{"type":6}\x1e'],
        [
            b'{"protocol":"json","version":1}\x1e',
            b'{"type":1,"target":"Start","arguments":[]}\x1e',
        ],
    ),
    (
        "phoenix room:lobby",
        [b'["1","1","room:lobby","phx_reply",{"response":{},"status":"ok"}]'],
        [b'["1","1","room:lobby","phx_join",{}]'],
    ),
    (
        "actioncable PricesChannel",
        [
            b'{"type":"welcome"}',
            b'{"identifier":"{\\"channel\\":\\"PricesChannel\\"}","type":"confirm_subscription"}',
        ],
        [b'{"command":"subscribe","identifier":"{\\"channel\\":\\"PricesChannel\\"}"}'],
    ),
    (
        "wamp com.example.tick",
        [b'[2,123,{"roles":{"broker":{}}}]', b"[33,1,5512315355]"],
        [b'[1,"realm1",{"roles":{"subscriber":{}}}]', b'[32,1,{},"com.example.tick"]'],
    ),
]
"""What is spoken, the server's messages until the client has joined, and what it has sent by then."""
OF_CHANCE = {"jupyter"}
"""Its messages have numbers of chance: it has a test of its own below."""


@pytest.mark.parametrize(
    ("spoken", "received", "sent"), JOINS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_client_joins(spoken: str, received: list[bytes], sent: list[bytes]) -> None:
    protocol, found = said(spoken, *received)
    assert protocol.joined
    assert found == sent


@pytest.mark.parametrize("name", SPEAK.names())
def test_how_each_joins_has_its_row(name: str) -> None:
    rows = {SPEAK.find(spoken.split()[0].replace(".", "-")) for spoken, _, _ in JOINS}
    assert name in OF_CHANCE or SPEAK.find(name) in rows, (
        f"JOINS in tests/pure/test_speak.py needs a row for {name}: what the server says, and what is sent"
    )


def test_a_jupyter_client_asks_for_the_kernel_and_then_runs_code() -> None:
    reply = b'{"channel":"shell","header":{"msg_type":"kernel_info_reply"},"content":{}}'
    protocol, sent = said("jupyter print(1)", b'{"header":{"msg_type":"status"}}', reply)
    assert protocol.joined
    kinds = [msgspec.json.decode(one)["header"]["msg_type"] for one in sent]
    assert kinds == ["kernel_info_request", "execute_request"]
    assert msgspec.json.decode(sent[1])["content"]["code"] == "print(1)"


@pytest.mark.parametrize(
    ("spoken", "received", "why"),
    [
        ("socket.io x", b'44/x,{"message":"not authorized"}', "not authorized"),
        ("graphql-ws", b'{"type":"error","payload":"no"}', "no"),
        ("mqtt a", b"\x20\x02\0\x05", "not authorized"),
        ("stomp /a", b"ERROR\nmessage:Bad CONNECT\n\n\0", "Bad CONNECT"),
        ("signalr", b'{"error":"unknown protocol"}\x1e', "unknown protocol"),
        ("phoenix a:b", b'["1","1","a:b","phx_reply",{"response":{"reason":"no"},"status":"error"}]', "no"),
        ("actioncable A", b'{"type":"disconnect","reason":"unauthorized"}', "unauthorized"),
        ("wamp a", b'[3,{"message":"x"},"wamp.error.no_such_realm"]', "no_such_realm"),
    ],
)
def test_a_refusal_is_the_servers_own_words(spoken: str, received: bytes, why: str) -> None:
    with pytest.raises(JoinRefused, match=why):
        said(spoken, received)


def test_a_topic_that_the_broker_refuses_is_named() -> None:
    with pytest.raises(JoinRefused, match="'a/b'"):
        said("mqtt a/b", b"\x20\x02\0\0", b"\x90\x03\0\x01\x80")


@pytest.mark.parametrize(
    ("spoken", "asked", "answer"),
    [
        ("socket.io", b"2", b"3"),
        ("engine.io", b"2", b"3"),
        ("graphql-ws", b'{"type":"ping"}', b'{"type":"pong"}'),
    ],
)
def test_a_sign_of_life_that_is_asked_for_is_a_heartbeat(spoken: str, asked: bytes, answer: bytes) -> None:
    protocol = find_application_protocol(spoken, "c")
    protocol.joined = True
    (given,) = protocol.receive(asked)
    assert (given.message.content, given.heartbeat) == (answer, True)
    assert list(protocol.receive(b'{"type":"next","payload":"ping"}')) == []


@pytest.mark.parametrize(
    ("spoken", "every_s", "beat"),
    [
        ("mqtt a", 30.0, b"\xc0\0"),
        ("signalr", 15.0, b'{"type":6}\x1e'),
        ("phoenix a", 30.0, b'[null,"2","phoenix","heartbeat",{}]'),
    ],
)
def test_a_sign_of_life_of_its_own_accord(spoken: str, every_s: float, beat: bytes) -> None:
    protocol = find_application_protocol(spoken, "c")
    assert protocol.heartbeat_s == every_s
    assert protocol.heartbeat().content == beat


def test_stomp_beats_as_often_as_was_agreed_on() -> None:
    protocol, _ = said("stomp /a", STOMP_CONNECTED)
    assert (protocol.heartbeat_s, protocol.heartbeat().content) == (5.0, b"\n")
    protocol, _ = said("stomp /a", b"CONNECTED\r\nversion:1.2\r\nheart-beat:0,0\r\n\r\n\0")
    assert protocol.heartbeat_s is None


@pytest.mark.parametrize(
    ("spoken", "given", "asked_for"),
    [
        ("socket.io", "/", "/socket.io/?EIO=4&transport=websocket"),
        ("socket.io", "/app/?token=7", "/app/?token=7&EIO=4&transport=websocket"),
        ("engine.io", "/x?EIO=4&transport=websocket", "/x?EIO=4&transport=websocket"),
        ("phoenix a", "/", "/socket/websocket?vsn=2.0.0"),
        ("phoenix a", "/live/websocket?token=7", "/live/websocket?token=7&vsn=2.0.0"),
        ("actioncable A", "/", "/cable"),
        ("mqtt a", "/mqtt", "/mqtt"),
    ],
)
def test_the_request_asks_where_the_protocol_is_served(spoken: str, given: str, asked_for: str) -> None:
    assert find_application_protocol(spoken, "c").resource(given) == asked_for


@pytest.mark.parametrize("name", SPEAK.names())
def test_every_protocol_survives_what_is_none_of_it(name: str) -> None:
    kind = SPEAK.find(name)
    for content in (
        b"",
        b"\0",
        b"[]",
        b"{}",
        b"[1]",
        b"null",
        b"\xff\xff",
        b"2",
        b"\x20\x02\0\0",
        b"x" * 70_000,
    ):
        list(kind("a b c", "c").receive(content))
    assert SPEAK.summary(name)


@pytest.mark.parametrize("spoken", ["mqtt", "stomp ", "engine.io x"])
def test_what_follows_a_name_is_checked(spoken: str) -> None:
    with pytest.raises(StallsimError, match="speak "):
        split_spoken(spoken)
    with pytest.raises(UnknownVariant, match="did you mean 'mqtt'"):
        split_spoken("mqqt a")


def contents(conversation: Conversation, *received: bytes) -> list[bytes]:
    sent = [message.content for message in conversation.begin()]
    for content in received:
        sent += [answer.message.content for answer in conversation.receive(content)]
    return sent


def test_messages_wait_for_the_servers_in_their_turn() -> None:
    target = Target(
        url="ws://x/",
        hello=(
            Hello(ClientMessage(b"1")),
            Hello(ClientMessage(b"2"), Pattern.of(b"ack*")),
            Hello(ClientMessage(b"3")),
            Hello(ClientMessage(b"\0", binary=True), Pattern.of(b"ack-2")),
        ),
        replies=(Reply(Pattern.of(b"ping"), ClientMessage(b"pong")),),
    )
    conversation = Conversation(target, "c")
    assert contents(conversation, b"nack", b"ack-1", b"ping") == [b"1", b"2", b"3", b"pong"]
    assert not conversation.joined
    assert [answer.message for answer in conversation.receive(b"ack-2")] == [
        ClientMessage(b"\0", binary=True)
    ]
    assert conversation.joined


def test_ones_own_messages_follow_the_protocols() -> None:
    target = Target(
        url="ws://x/", speak="graphql-ws", hello=(Hello(ClientMessage(b'{"type":"subscribe"}')),)
    )
    conversation = Conversation(target, "c")
    assert contents(conversation, b'{"type":"connection_ack"}') == [
        b'{"type":"connection_init"}', b'{"type":"subscribe"}'
    ]  # fmt: skip
    assert conversation.subprotocols == ("graphql-transport-ws",)
    wrapped = Target(url="ws://x/", speak="socket.io", hello=(Hello(ClientMessage(b'["join", 7]')),))
    assert contents(Conversation(wrapped, "c"), b"0{}", b"40{}")[1:] == [b'42["join", 7]']
