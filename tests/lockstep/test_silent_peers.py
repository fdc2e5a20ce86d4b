"""Two peers that omit a frame that RFC 6455 requires, and one that sends it, over a fake connection."""

import pytest
import trio
import trio.testing
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, Ping, Pong

from stallsim.clients import Client, ClientEnd
from stallsim.clients.no_close_reply import NoCloseReply
from stallsim.clients.no_pong import NoPong
from stallsim.clients.stop_reading import StopReading
from stallsim.kinds import EventKind
from stallsim.runner.lockstep_turns import LockstepTurns

from .acting import Reports, ends

CLOSE = CloseConnection(code=1001, reason="")


async def answers(client: Client, said: Event) -> tuple[list[Event], ClientEnd]:
    """What that client answers when the server says that, and its end as it leaves it."""
    turns = LockstepTurns(0.005)
    with ends(turns, 1) as [(end, peer)]:
        websocket = WSConnection(ConnectionType.SERVER)
        async with trio.open_nursery() as nursery:
            turns.begin(client, end, nursery)
            await trio.testing.wait_all_tasks_blocked()
            websocket.receive_data(peer.recv(4096))
            list(websocket.events())
            peer.send(websocket.send(AcceptConnection()))
            await end.opened.wait()
            turns.hold(end)
            peer.send(websocket.send(said))
            turns.give(end)
            peer.setblocking(False)
            received: list[Event] = []
            try:
                websocket.receive_data(peer.recv(4096) or None)
                received = list(websocket.events())
            except BlockingIOError:
                pass
            nursery.cancel_scope.cancel()
    return received, end


def reports(end: ClientEnd) -> list[EventKind]:
    assert isinstance(end.report, Reports)
    return end.report.kinds


@pytest.mark.parametrize("client", [StopReading(stop_tick=9), NoCloseReply()])
async def test_a_ping_is_answered(client: Client) -> None:
    received, _ = await answers(client, Ping(payload=b"7"))
    assert received == [Pong(payload=b"7")]


async def test_no_pong_answers_no_ping() -> None:
    received, _ = await answers(NoPong(), Ping(payload=b"7"))
    assert received == []


@pytest.mark.parametrize("client", [StopReading(stop_tick=9), NoPong()])
async def test_a_close_is_answered(client: Client) -> None:
    received, end = await answers(client, CLOSE)
    assert received == [CLOSE]
    assert EventKind.CLOSE_IGNORED not in reports(end)


async def test_no_close_reply_reads_the_close_and_sends_nothing() -> None:
    received, end = await answers(NoCloseReply(), CLOSE)
    assert received == []
    assert reports(end) == [EventKind.END_SEEN, EventKind.CLOSE_IGNORED]
    assert not end.closed
