"""The server over TLS, tested with peers of another TLS library, and with peers that violate TLS."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

import pytest
import trio
from msgspec.structs import asdict

from stallsim.kinds import EventKind, Phase
from stallsim.profile.scenario import ServerSpec
from stallsim.server.frames import Frames, payload_of
from stallsim.timeline.records import Event
from stallsim.timeline.sample import Sample
from stallsim.timeline.timeline import Timeline
from stallsim.tls import make_contexts, sealed_size

from .running import run
from .serving import Stream, connect, serving

CLOSE_NOTIFY = sealed_size(2)
"""An alert is two bytes (RFC 8446 6)."""
pytestmark = pytest.mark.loopback
websockets = pytest.importorskip("websockets.sync.client", reason="the package websockets is not installed")
MESSAGES = 50
GOOD = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
CLOSE_1000 = b"\x88\x82\0\0\0\0\x03\xe8"
ALERT = b"\x15"
"""The content type of a record that holds one (RFC 8446 5.1)."""
OVER_TLS = ServerSpec(tls=True)


def trusting() -> ssl.SSLContext:
    return make_contexts("127.0.0.1").client


async def serve_one(peer: Callable[[str], None], frame_bytes: int) -> Stream:
    with trio.fail_after(30):
        async with serving(OVER_TLS) as server, trio.open_nursery() as nursery:
            nursery.start_soon(trio.to_thread.run_sync, peer, f"wss://127.0.0.1:{server.address[1]}/")
            opened = await server.accepted.receive()
            await opened.send(MESSAGES, frame_bytes)
            await opened.until_ended()
    return opened


@pytest.mark.parametrize("frame_bytes", [18, 6658, 16_384, 16_385, 200_000])
async def test_a_client_that_we_did_not_write_reads_it_all(frame_bytes: int) -> None:
    read: list[bytes] = []

    def peer(uri: str) -> None:
        with websockets.connect(uri, ssl=trusting(), compression=None, max_size=None) as websocket:
            read.extend(websocket.recv() for _ in range(MESSAGES))
            assert websocket.socket.version() == "TLSv1.3"

    stream = await serve_one(peer, frame_bytes)
    frames = Frames(frame_bytes)
    assert [one[16:] for one in read] == [
        payload_of(frames.make(number, 0.0).frame)[16:] for number in range(MESSAGES)
    ]
    sending = stream.session.sending
    assert sending.coder is not None
    assert sending.coder.sealed_bytes == sending.produced_bytes + sending.control_bytes
    control = sealed_size(sending.control_bytes)
    assert sending.coder.wire_bytes == MESSAGES * sealed_size(frame_bytes) + control + CLOSE_NOTIFY
    assert sending.outbox.accepted_bytes == sending.coder.wire_bytes
    assert stream.session.ended is Phase.CLOSED


def talk(address: tuple[str, int], say: Callable[[ssl.SSLSocket, socket.socket], None]) -> list[bytes]:
    """Open a WebSocket with Python's own TLS, then ``say``; what the server answers, until it ends."""
    # without suppress_ragged_eofs, an end of TCP that TLS did not announce is an error
    with (
        connect(address) as tcp,
        trusting().wrap_socket(tcp.dup(), server_hostname="127.0.0.1", suppress_ragged_eofs=False) as sock,
    ):
        sock.sendall(GOOD)
        assert sock.recv(4096).startswith(b"HTTP/1.1 101")
        say(sock, tcp)
        received: list[bytes] = []
        with suppress(ConnectionResetError, ssl.SSLError):  # RST or an alert, where the server aborts
            while not received or received[-1]:
                received.append(sock.recv(4096))
        return received


async def serve_raw(say: Callable[[ssl.SSLSocket, socket.socket], None]) -> tuple[Stream, list[bytes]]:
    received: list[bytes] = []

    def peer(address: tuple[str, int]) -> None:
        received.extend(talk(address, say))

    with trio.fail_after(30):
        async with serving(OVER_TLS) as server, trio.open_nursery() as nursery:
            nursery.start_soon(trio.to_thread.run_sync, peer, server.address)
            opened = await server.accepted.receive()
            await opened.until_ended()
    return opened, received


def close(sock: ssl.SSLSocket, _: socket.socket) -> None:
    sock.sendall(CLOSE_1000)


async def test_the_server_sends_close_notify() -> None:
    stream, received = await serve_raw(close)
    assert received == [b"\x88\x02\x03\xe8", b""]
    assert stream.session.ended is Phase.CLOSED


async def test_a_close_notify_ends_the_connection_before_tcp_does() -> None:
    stream, _ = await serve_raw(say_goodbye)
    assert stream.session.ended is Phase.CLOSED
    assert stream.report.kinds == [EventKind.ENDED]


def say_goodbye(sock: ssl.SSLSocket, _: socket.socket) -> None:
    """close_notify, without waiting for the answer."""
    sock.setblocking(False)
    with suppress(ssl.SSLWantReadError):
        sock.unwrap()
    sock.setblocking(True)


BROKEN = {
    "noise": bytes(range(256)),
    "a record that was not sealed": b"\x17\x03\x03\x00\x20" + bytes(32),
    "a record that is too long": b"\x17\x03\x03\xff\xff" + bytes(100),
    "the end of a record that never began": b"\x17\x03\x03\x00\x00" * 40,
}


@pytest.mark.parametrize("said", BROKEN.values(), ids=BROKEN)
async def test_a_client_that_violates_tls_is_disconnected(said: bytes) -> None:
    stream, _ = await serve_raw(lambda _, tcp: tcp.sendall(said))
    assert stream.session.ended is Phase.RESET
    error = asdict(stream.report.whats[EventKind.PROTOCOL_ERROR])
    assert str(error["error"]).startswith("TLS: ")
    assert error["code"] == 1015


async def test_half_a_record_is_waited_for_and_then_forgotten() -> None:
    def say(_: ssl.SSLSocket, tcp: socket.socket) -> None:
        tcp.sendall(b"\x17\x03\x03\x01\x00" + bytes(100))
        tcp.shutdown(socket.SHUT_WR)

    stream, _ = await serve_raw(say)
    assert stream.session.ended is Phase.CLOSED
    assert stream.report.kinds == [EventKind.ENDED]


@pytest.mark.parametrize(
    "said",
    [GOOD, bytes(range(256)) * 8, b"\x16\x03\x01\xff\xff" + bytes(100)],
    ids=["HTTP", "noise", "a record that is too long"],
)
async def test_a_client_without_tls_is_disconnected(said: bytes) -> None:
    with trio.fail_after(30):
        async with serving(OVER_TLS) as server:
            async with await trio.open_tcp_stream(*server.address) as stream:
                await stream.send_all(said)
                answer = b"".join([data async for data in stream])
            assert answer[:1] in (ALERT, b"")  # OpenSSL has no word for what is not TLS at all
            async with trio.open_nursery() as nursery:
                nursery.start_soon(trio.to_thread.run_sync, talk, server.address, close)
                await (await server.accepted.receive()).until_ended()


@pytest.fixture(scope="module")
def tab() -> Timeline:
    return run("sleeping-tab-tls")


def test_each_law_holds_by_itself(tab: Timeline) -> None:
    pending = 0
    for series in tab.samples:
        for one in series:
            plain = one.queue_bytes - one.pending_bytes + one.dropped_bytes + one.discarded_bytes
            assert one.produced_bytes + one.control_bytes == plain + one.sealed_bytes
            assert one.wire_bytes == one.pending_bytes + one.cut_bytes + one.accepted_bytes
            assert one.received_bytes == one.rcvq_bytes + one.read_bytes
            pending = max(pending, one.pending_bytes)
    assert 0 < pending <= sealed_size(tab.scenario.stream.frame)


def test_what_is_sealed_can_be_counted_by_hand(tab: Timeline) -> None:
    frame = tab.scenario.stream.frame
    for series in tab.samples:
        for one in series:
            messages, rest = divmod(one.sealed_bytes - one.control_bytes, frame)
            assert rest == 0
            control = sealed_size(one.control_bytes)
            goodbye = one.wire_bytes - messages * sealed_size(frame) - control
            assert goodbye in ((0, CLOSE_NOTIFY) if one is series[-1] else (0,))


def test_every_client_gets_the_close_notify_of_a_server_that_closes() -> None:
    timeline = run("sleeping-tab-tls", "server.close-tick=200")
    assert [list(timeline.phases(one))[-1].phase for one in (0, 1)] == [Phase.CLOSED, Phase.CLOSED]
    for series in timeline.samples:
        assert series[-1].sealed_bytes == series[-1].produced_bytes + series[-1].control_bytes
        assert series[-1].cut_bytes == 0


def test_an_abort_throws_the_rest_of_a_record_away() -> None:
    timeline = run("sleeping-tab-tls", "server.policy=disconnect", "server.disconnect.limit-bytes=100000")
    last: Sample = timeline.samples[1][-1]
    assert list(timeline.phases(1))[-1].phase is Phase.RESET
    assert last.cut_bytes > 0
    assert last.pending_bytes == last.queue_bytes == last.unaccounted_bytes == 0
    assert last.produced_bytes == last.sealed_bytes + last.dropped_bytes + last.discarded_bytes


def test_a_client_that_is_stuck_in_the_handshake_of_tls_meets_the_guard() -> None:
    timeline = run("stuck-handshake", "server.tls=true")
    for connection, info in enumerate(timeline.connections):
        kinds = [one.kind for one in timeline.about(connection) if isinstance(one, Event)]
        assert (EventKind.GUARD_ACTED in kinds) == (info.kind == "stuck-handshake")
