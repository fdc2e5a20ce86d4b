"""Any opening handshake gets an HTTP answer or a clean close, and the server goes on serving."""

from contextlib import ExitStack

import pytest
import trio

from stallsim.kernel import options
from stallsim.timeline.ledger import make_ledger
from stallsim.timeline.records import ConnectionInfo, Record
from stallsim.timeline.sample import Sample

from .running import run
from .serving import Stream, connect, serving

pytestmark = pytest.mark.loopback
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
UPGRADE = b"Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
VERSION = b"Sec-WebSocket-Version: 13\r\n"
GOOD = b"GET / HTTP/1.1\r\n" + UPGRADE + KEY + VERSION + b"\r\n"
ACCEPT = b"sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
"""For the key above (RFC 6455 1.3)."""
CROWD = (
    *("sleeping-tab", "clients.reader.count=6", "ticks=160"),
    *("clients.sleeper.sleep-tick=20", "clients.sleeper.wake-tick=120"),
)
"""Strangers come while the connections are opened; what follows is as short as a stall can be."""
REFUSED = {
    "not HTTP": (b"\x00\xff\x16\x03\x01 garbage\r\n\r\n", b"400"),
    "GET without upgrade": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    "POST": (GOOD.replace(b"GET", b"POST"), b"400"),
    "no key": (GOOD.replace(KEY, b""), b"400"),
    "no Host": (GOOD.replace(b"Host: x\r\n", b""), b"400"),
    "another version": (GOOD.replace(b"13", b"12"), b"426"),
    "a header with a NUL": (GOOD.replace(b"Host: x", b"Host: \x00"), b"400"),
}


async def answer_to(address: tuple[str, int], request: bytes) -> bytes:
    """Everything that the server says until it closes."""
    async with await trio.open_tcp_stream(*address) as stream:
        await stream.send_all(request)
        return b"".join([data async for data in stream])


async def goes_on_serving(address: tuple[str, int]) -> None:
    async with await trio.open_tcp_stream(*address) as stream:
        await stream.send_all(GOOD)
        answer = (await stream.receive_some()).lower()
    assert answer.startswith(b"http/1.1 101 ")
    assert ACCEPT.lower() in answer


async def send_for_ever(stream: trio.SocketStream, data: bytes) -> None:
    while True:
        await stream.send_all(data)


async def let_go(accepted: trio.MemoryReceiveChannel[Stream]) -> None:
    async for one in accepted:
        one.session.sock.close()


@pytest.mark.parametrize(("request_bytes", "status"), REFUSED.values(), ids=REFUSED)
async def test_a_bad_request_is_answered(request_bytes: bytes, status: bytes) -> None:
    with trio.fail_after(30):
        async with serving() as server, trio.open_nursery() as nursery:
            nursery.start_soon(let_go, server.accepted)
            answer = await answer_to(server.address, request_bytes)
            assert answer.startswith(b"HTTP/1.1 " + status), answer
            if status == b"426":
                assert b"sec-websocket-version: 13" in answer.lower()
            await goes_on_serving(server.address)
            nursery.cancel_scope.cancel()


async def test_a_request_without_end_is_not_kept() -> None:
    endless = GOOD[:-2] + b"X-Filler: " + b"x" * 64 * 1024
    with trio.fail_after(30):
        async with serving() as server, trio.open_nursery() as nursery:
            nursery.start_soon(let_go, server.accepted)
            async with await trio.open_tcp_stream(*server.address) as stream:
                with pytest.raises(trio.BrokenResourceError):  # RST: it read only a part
                    await send_for_ever(stream, endless)
            await goes_on_serving(server.address)
            nursery.cancel_scope.cancel()


@pytest.mark.parametrize("abrupt", [False, True], ids=["FIN", "RST"])
@pytest.mark.parametrize("sent", [0, 1, 40, len(GOOD) - 1, len(GOOD)])
async def test_a_peer_that_leaves_in_the_middle(sent: int, abrupt: bool) -> None:
    with trio.fail_after(30):
        async with serving() as server, trio.open_nursery() as nursery:
            nursery.start_soon(let_go, server.accepted)
            sock = connect(server.address)
            sock.sendall(GOOD[:sent])
            options.abort(sock) if abrupt else sock.close()
            await goes_on_serving(server.address)
            nursery.cancel_scope.cancel()


async def test_a_request_in_pieces_is_served() -> None:
    with trio.fail_after(30):
        async with serving() as server, await trio.open_tcp_stream(*server.address) as stream:
            for byte in GOOD:
                await stream.send_all(bytes([byte]))
            opened = await server.accepted.receive()
            assert opened.session.sock.getpeername() == stream.socket.getsockname()
            assert opened.session.open
            opened.session.sock.close()


@pytest.fixture(scope="module")
def alone() -> str:
    """The digest of ``CROWD`` without strangers."""
    return make_ledger(run(*CROWD)).digest


@pytest.mark.parametrize("said", [GOOD, b"garbage\r\n\r\n", b""], ids=["handshake", "garbage", "nothing"])
def test_a_connection_from_outside_changes_no_ledger(
    said: bytes, alone: str, listened: list[tuple[str, int]]
) -> None:
    with ExitStack() as strangers:
        intrusions: list[ConnectionInfo] = []

        def intrude(record: Record) -> None:
            if isinstance(record, ConnectionInfo):
                strangers.enter_context(connect(listened[-1])).sendall(said)
                intrusions.append(record)

        crowded = run(*CROWD, on_record=intrude)
    assert len(intrusions) >= 7
    assert make_ledger(crowded).digest == alone


def test_no_connection_is_accepted_once_the_run_has_begun(
    listened: list[tuple[str, int]],
) -> None:
    refused: list[int] = []

    def intrude(record: Record) -> None:
        if isinstance(record, Sample) and record.tick % 50 == 0:
            with pytest.raises(ConnectionRefusedError):
                connect(listened[-1])
            refused.append(record.tick)

    run("well-behaved", on_record=intrude)
    assert {0, 50, 100, 150} <= set(refused)
