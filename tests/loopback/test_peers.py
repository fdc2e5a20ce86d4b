"""The run's server is tested with a client of another library: the package ``websockets``."""

from collections.abc import Callable

import pytest
import trio

from stallsim.kinds import EventKind, Phase
from stallsim.server.frames import Frames, payload_bytes, payload_of
from stallsim.timeline.events.server import CloseReceived

from .serving import Stream, serving

pytestmark = pytest.mark.loopback
client = pytest.importorskip("websockets.sync.client", reason="the package websockets is not installed")
exceptions = pytest.importorskip("websockets.exceptions")
MESSAGES = 300


async def serve_one(
    peer: Callable[[str], None], frame_bytes: int = 6680, messages: int = MESSAGES
) -> Stream:
    """Serve a stream to ``peer``, which runs in a thread and is given our URI, until both are done."""
    with trio.fail_after(30):
        async with serving() as server, trio.open_nursery() as nursery:
            host, port = server.address
            nursery.start_soon(trio.to_thread.run_sync, peer, f"ws://{host}:{port}/")
            stream = await server.accepted.receive()
            await stream.send(messages, frame_bytes)
            await stream.until_ended()
    return stream


@pytest.mark.parametrize("frame_bytes", [18, 127, 130, 6680, 65_539, 65_546, 200_000])
async def test_every_message_arrives_intact_and_in_order(frame_bytes: int) -> None:
    read: list[bytes] = []

    def peer(uri: str) -> None:
        with client.connect(uri, compression=None, max_size=None) as websocket:
            read.extend(websocket.recv() for _ in range(50))

    await serve_one(peer, frame_bytes, 50)
    assert [int.from_bytes(message[:8], "big") for message in read] == list(range(50))
    assert {len(message) for message in read} == {payload_bytes(frame_bytes)}
    frames = Frames(frame_bytes)
    sent = [payload_of(frames.make(number, 0.0).frame) for number in range(50)]
    assert [message[16:] for message in read] == [payload[16:] for payload in sent]


async def test_a_ping_is_answered() -> None:
    answered: list[bool] = []

    def peer(uri: str) -> None:
        with client.connect(uri, compression=None) as websocket:
            pongs = [websocket.ping(payload) for payload in (b"", b"one", b"x" * 125)]
            for _ in range(MESSAGES):
                websocket.recv()
            answered.extend(pong.wait(10) for pong in pongs)

    stream = await serve_one(peer)
    assert answered == [True, True, True]
    assert EventKind.PROTOCOL_ERROR not in stream.report.kinds


@pytest.mark.parametrize(("code", "reason"), [(1000, ""), (1001, "away"), (3000, "a"), (4999, "x" * 100)])
async def test_a_close_is_answered_with_the_same_code(code: int, reason: str) -> None:
    received: list[object] = []

    def peer(uri: str) -> None:
        with client.connect(uri, compression=None) as websocket:
            websocket.recv()
            websocket.close(code, reason)
            received.append(websocket.protocol.close_rcvd)
            with pytest.raises(exceptions.ConnectionClosed):
                websocket.recv()

    stream = await serve_one(peer, messages=1)
    (answer,) = received
    assert answer is not None
    assert answer.code == code  # type: ignore[attr-defined]  # untyped: the package is optional
    assert stream.report.whats[EventKind.CLOSE_RECEIVED] == CloseReceived(code=code, reason=reason)
    assert stream.session.ended is Phase.CLOSED


async def test_a_clients_messages_are_read_and_ignored() -> None:
    def peer(uri: str) -> None:
        with client.connect(uri, compression=None) as websocket:
            for _ in range(20):
                websocket.send(b"\x00" * 100_000)
                websocket.send("\N{SNOWMAN}")
            for _ in range(MESSAGES):
                websocket.recv()

    stream = await serve_one(peer)
    assert stream.session.ended is Phase.CLOSED
    assert EventKind.PROTOCOL_ERROR not in stream.report.kinds


async def test_a_fragmented_message_is_read_too() -> None:
    def peer(uri: str) -> None:
        with client.connect(uri, compression=None) as websocket:
            websocket.send(iter(["one ", "message ", "in pieces"]))
            websocket.recv()

    stream = await serve_one(peer, messages=1)
    assert EventKind.PROTOCOL_ERROR not in stream.report.kinds


async def test_compression_is_not_agreed_on_where_the_server_does_not_want_it() -> None:
    agreed: list[object] = []

    def peer(uri: str) -> None:
        with client.connect(uri, compression="deflate") as websocket:
            agreed.append(websocket.protocol.extensions)
            websocket.recv()

    await serve_one(peer, messages=1)
    assert agreed == [[]]
