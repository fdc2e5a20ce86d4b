"""Every client keeps the contract on a real connection, and the contract detects clients that do not."""

import gc
from typing import ClassVar

import pytest
import trio

from stallsim.clients import CLIENTS, Client, ClientEnd
from stallsim.clients._websocket import RawWebSocket
from stallsim.errors import StallsimError, Unavailable
from stallsim.kinds import Stalls
from stallsim.testing import ClientCrashed, ContractBroken, _client_run, check_client

pytestmark = pytest.mark.loopback


@pytest.mark.parametrize("name", CLIENTS.names())
async def test_every_client_keeps_it(name: str) -> None:
    try:
        await check_client(CLIENTS.find(name))
    except Unavailable as missing:
        pytest.skip(str(missing))


class Acts(Client, frozen=True):
    """Reads everything, every tick, says that it does not stall, and leaves."""

    stalls: ClassVar[Stalls] = Stalls.NEVER

    async def behave(self, end: ClientEnd) -> None:
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            while await self.act(end, websocket):
                await end.turn()
        await self.leave(websocket)

    async def act(self, end: ClientEnd, websocket: RawWebSocket) -> bool:
        return await websocket.read_all()

    async def leave(self, websocket: RawWebSocket) -> None:
        await websocket.leave()


class NeverOpens(Acts, frozen=True):
    """Connects and says nothing."""

    async def behave(self, end: ClientEnd) -> None:
        await end.until_over()


class ClaimsToStall(Acts, frozen=True):
    """Announces that it stops, and reads on."""

    stalls: ClassVar[Stalls] = Stalls.MUST

    async def act(self, end: ClientEnd, websocket: RawWebSocket) -> bool:
        if end.tick == 10:
            end.stops_reading()
        return await websocket.read_all()


class StallsInSecret(Acts, frozen=True):
    """Says that its kind does not stall, and stops reading."""

    async def act(self, end: ClientEnd, websocket: RawWebSocket) -> bool:
        return end.tick > 20 or await websocket.read_all()


class NeverStalls(Acts, frozen=True):
    """Is of a kind that stalls, and never begins to."""

    stalls: ClassVar[Stalls] = Stalls.MUST


class LosesCount(Acts, frozen=True):
    """Reads behind the back of its end, so that bytes are not counted."""

    async def act(self, end: ClientEnd, websocket: RawWebSocket) -> bool:
        if end.tick == 5:
            end.sock.recv(1000)
        return end.tick >= 5 or await websocket.read_all()


class FeedsNothing(Acts, frozen=True):
    """Reads, and keeps to itself what it has read: no message is counted, and no Ping is answered."""

    async def act(self, end: ClientEnd, websocket: RawWebSocket) -> bool:
        while data := end.recv(1000):
            pass
        return data is None


class WillNotLeave(Acts, frozen=True):
    """Goes on after the run is over, awake."""

    async def leave(self, websocket: RawWebSocket) -> None:
        while True:
            await websocket.end.turn()


class EachTimeAnother(Acts, frozen=True):
    """Reads at most so many bytes a tick, and each run another number."""

    stalls: ClassVar[Stalls] = Stalls.MUST
    runs: ClassVar[list[int]] = []

    async def behave(self, end: ClientEnd) -> None:
        self.runs.append(len(self.runs))
        websocket = RawWebSocket(end)
        await websocket.open()
        with end.over:
            while end.tick < 5 + len(self.runs):
                await websocket.read_all()
                await end.turn()
            end.stops_reading()
            await end.until_over()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ClaimsToStall, "was not confirmed"),
        (NeverStalls, "never began to stall"),
        (StallsInSecret, "NEVER must never stall"),
        (LosesCount, "bytes are not conserved"),
        (FeedsNothing, r"websocket.feed\(data\).* counted 0 messages"),
        (WillNotLeave, "returns or is asleep"),
        (EachTimeAnother, "the same ledger"),
        (dict, "is no Client"),
    ],
)
async def test_is_noticed(kind: type[Client], words: str) -> None:
    with pytest.raises(ContractBroken, match=words):
        await check_client(kind)


class Fails(Acts, frozen=True):
    """Has a mistake in its code."""

    async def act(self, end: ClientEnd, websocket: RawWebSocket) -> bool:
        raise LookupError("mine")


class AsksForNothing(Acts, frozen=True):
    """Takes for the end of TCP what the kernel answers to who asks for no byte."""

    async def act(self, end: ClientEnd, websocket: RawWebSocket) -> bool:
        return end.recv(0) != b""


class WaitsForTheClock(Acts, frozen=True):
    """Sleeps, though in lockstep there is no time."""

    async def leave(self, websocket: RawWebSocket) -> None:
        await trio.sleep(1)


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        (Fails, ClientCrashed, "LookupError: mine"),
        (AsksForNothing, ClientCrashed, r"ValueError: recv\(0\)"),
        (WaitsForTheClock, StallsimError, "only for turn"),
    ],
)
async def test_an_error_of_its_own_comes_through(
    kind: type[Client], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        await check_client(kind)


def test_who_never_opens_is_not_waited_for_and_leaves_no_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_client_run, "_OPENING_S", 0.05)
    with pytest.raises(ContractBroken, match="opening handshake"):
        trio.run(check_client, NeverOpens)
    gc.collect()  # an unclosed socket warns here, and every warning is an error
