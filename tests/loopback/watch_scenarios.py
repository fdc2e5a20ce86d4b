"""Live connections of every kind to one port: what each does, and the words that it may get."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trio

from stallsim.kernel import black_hole
from stallsim.kinds import CALM, Word

SO_MAX_PACING_RATE = 47
CHUNK, EVERY_S = 2_000, 0.01
"""What the server sends where nothing else is said: 200 kB/s, and no byte more than the kernel takes."""
W = Word
SLOW = {W.WINDOW_SHUT, W.SLOW_READER, W.KEEPS_UP, W.SENDING, W.FALLING_BEHIND}


@dataclass
class Ends:
    """One connection; both ends are non-blocking."""

    client: trio.socket.SocketType
    server: trio.socket.SocketType
    nursery: trio.Nursery


Act = Callable[[Ends], Awaitable[None]]


@dataclass(frozen=True)
class Scenario:
    """What both ends do, and which words fit soon after the start, later, and after ``--after``."""

    act: Act
    words: tuple[set[Word], set[Word], set[Word]]
    rcvbuf: int | None = None
    black_hole: bool = False
    """Needs the right to drop what arrives."""
    needs_peer: bool = False
    """Only the peer's own end shows what it does (loopback's large segments make windows open late)."""

    @property
    def healthy(self) -> bool:
        """Its peer reads, or has nothing to read: it must never be called stalled."""
        return not self.words[2] & {W.STALLED, W.SHUT_THEN_GONE}


def always(*words: Word) -> tuple[set[Word], set[Word], set[Word]]:
    """The same words at any time."""
    return set(words), set(words), set(words)


def stalls(*soon: Word) -> tuple[set[Word], set[Word], set[Word]]:
    """A stall's words; ``soon``: until its window is shut."""
    return {W.WINDOW_SHUT, *soon}, {W.WINDOW_SHUT}, {W.STALLED}


async def stream(ends: Ends, chunk: int = CHUNK, every_s: float = EVERY_S) -> None:
    """Until the connection has ended."""
    while True:
        try:
            with trio.move_on_after(every_s):
                await ends.server.send(bytes(chunk))
        except (OSError, trio.ClosedResourceError):
            return
        await trio.sleep(every_s)


async def read(ends: Ends, most: int = 1 << 20, pause_s: float = 0.0) -> None:
    """Until the server has closed it."""
    while True:
        if not await ends.client.recv(most):
            return
        await trio.sleep(pause_s)


def reads(most: int = 1 << 20, pause_s: float = 0.0) -> Act:
    async def act(ends: Ends) -> None:
        ends.nursery.start_soon(stream, ends)
        await read(ends, most, pause_s)

    return act


async def nothing(ends: Ends) -> None:
    pass


async def flood(ends: Ends) -> None:
    await stream(ends, 20_000)


async def bursts(ends: Ends) -> None:
    ends.nursery.start_soon(stream, ends, 150_000, 0.5)
    await read(ends)


async def corked(ends: Ends) -> None:
    ends.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    ends.nursery.start_soon(read, ends)
    while True:
        await ends.server.send(bytes(300))
        await trio.sleep(0.05)


async def paced(ends: Ends) -> None:
    ends.server.setsockopt(socket.SOL_SOCKET, SO_MAX_PACING_RATE, 20_000)
    ends.nursery.start_soon(stream, ends)
    await read(ends)


async def absorbing(ends: Ends) -> None:
    await stream(ends, 100, 0.01)


async def naps(ends: Ends) -> None:
    ends.nursery.start_soon(stream, ends)
    while True:
        await trio.sleep(3.0)
        with trio.move_on_after(0.1):
            await read(ends)


async def sleeping_tab(ends: Ends) -> None:
    ends.nursery.start_soon(stream, ends)
    taken = 0
    while taken < 131_000:
        taken += len(await ends.client.recv(16_384))


async def vanishes_with_data(ends: Ends) -> None:
    black_hole.attach(ends.client._sock)  # type: ignore[attr-defined]
    await stream(ends)


async def vanishes(ends: Ends) -> None:
    black_hole.attach(ends.client._sock)  # type: ignore[attr-defined]


async def vanishes_under_keepalive(ends: Ends) -> None:
    ends.server.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    ends.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    ends.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    ends.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 60)
    await vanishes(ends)


async def shut_then_gone(ends: Ends) -> None:
    ends.nursery.start_soon(stream, ends)
    await trio.sleep(0.4)
    await vanishes(ends)


async def closed_behind_a_shut_window(ends: Ends) -> None:
    with trio.move_on_after(0.3):
        await stream(ends)
    ends.server.close()


async def unread_by_the_server(ends: Ends) -> None:
    await ends.client.send(b"hello")


async def both_wait(ends: Ends) -> None:
    """An echo whose client sends and does not read, so that the server at last does not read either."""
    ends.nursery.start_soon(stream, ends)
    while True:
        await ends.client.send(bytes(1_000))
        await trio.sleep(0.05)


async def asks_and_is_answered(ends: Ends) -> None:
    while True:
        await ends.client.send(b"?")
        await ends.server.recv(10)
        await ends.server.send(bytes(500))
        await ends.client.recv(1_000)
        await trio.sleep(0.3)


async def half_closed(ends: Ends) -> None:
    ends.client.shutdown(socket.SHUT_WR)
    await reads()(ends)


async def wakes(ends: Ends) -> None:
    ends.nursery.start_soon(stream, ends)
    await trio.sleep(2.6)
    await read(ends)


SCENARIOS: dict[str, Scenario] = {
    "idle": Scenario(nothing, always(W.IDLE)),
    "fast": Scenario(reads(), always(W.KEEPS_UP)),
    "160 kB/s": Scenario(reads(8_000, 0.05), always(*SLOW)),
    "drip": Scenario(reads(512, 0.1), always(*SLOW), rcvbuf=8_192),
    "drip into a large buffer": Scenario(reads(128, 0.1), always(*SLOW), needs_peer=True),
    "nap": Scenario(naps, always(*SLOW), rcvbuf=65_536),
    "burst": Scenario(bursts, always(W.KEEPS_UP)),
    "corked": Scenario(corked, always(W.SENDING, W.KEEPS_UP)),
    "paced": Scenario(paced, always(W.SENDING, W.KEEPS_UP)),
    "absorbing": Scenario(absorbing, always(W.FALLING_BEHIND, W.KEEPS_UP)),
    "stalled, small window": Scenario(stream, stalls(), rcvbuf=4_096),
    "absorbing into a fixed buffer": Scenario(
        absorbing, always(W.FALLING_BEHIND, W.KEEPS_UP, W.WINDOW_SHUT), rcvbuf=200_000
    ),
    "stalled, large window": Scenario(flood, stalls(W.FALLING_BEHIND, W.KEEPS_UP), rcvbuf=131_072),
    "sleeping tab": Scenario(sleeping_tab, stalls(W.FALLING_BEHIND, W.KEEPS_UP), rcvbuf=32_768),
    "both wait": Scenario(
        both_wait,
        ({W.WINDOW_SHUT, W.FALLING_BEHIND, W.SENDING}, {W.WINDOW_SHUT}, {W.STALLED, W.WINDOW_SHUT}),
        rcvbuf=16_384,
        needs_peer=True,
    ),
    "half-open, idle": Scenario(vanishes, always(W.IDLE), black_hole=True),
    "half-open, with keepalive": Scenario(
        vanishes_under_keepalive,
        ({W.IDLE}, {W.IDLE, W.UNACKNOWLEDGED}, {W.UNACKNOWLEDGED}),
        black_hole=True,
    ),
    "killed host": Scenario(vanishes_with_data, always(W.UNACKNOWLEDGED), black_hole=True),
    "shut, then gone": Scenario(
        shut_then_gone,
        ({W.WINDOW_SHUT, W.SHUT_THEN_GONE}, {W.SHUT_THEN_GONE}, {W.SHUT_THEN_GONE}),
        rcvbuf=4_096,
        black_hole=True,
    ),
    "orphan": Scenario(closed_behind_a_shut_window, always(W.ORPHAN), rcvbuf=4_096),
    "server not reading": Scenario(
        unread_by_the_server,
        ({W.SERVER_NOT_READING, W.IDLE}, {W.SERVER_NOT_READING}, {W.SERVER_NOT_READING}),
    ),
    "request and response": Scenario(asks_and_is_answered, always(W.KEEPS_UP)),
    "half-closed": Scenario(half_closed, always(W.KEEPS_UP)),
    "wakes": Scenario(wakes, ({W.WINDOW_SHUT}, SLOW, {W.KEEPS_UP, W.SLOW_READER}), rcvbuf=4_096),
}


@dataclass
class Station:
    """A listening port, and which scenario each peer's port belongs to."""

    port: int
    names: dict[int, str] = field(default_factory=dict)
    churned: int = 0


@asynccontextmanager
async def station(names: list[str], *, churn: bool = False) -> AsyncIterator[Station]:
    """Every scenario under way; ``churn``: connections come and go beside them all the time."""
    with trio.socket.socket() as listener:
        await listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        made = Station(listener.getsockname()[1])
        sockets: list[trio.socket.SocketType] = []
        try:
            async with trio.open_nursery() as nursery:
                for name in names:
                    scenario = SCENARIOS[name]
                    client = trio.socket.socket()
                    sockets.append(client)
                    if scenario.rcvbuf is not None:
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, scenario.rcvbuf)
                    await client.connect(("127.0.0.1", made.port))
                    server, _ = await listener.accept()
                    sockets.append(server)
                    made.names[client.getsockname()[1]] = name
                    nursery.start_soon(scenario.act, Ends(client, server, nursery))
                if churn:
                    nursery.start_soon(_come_and_go, made, listener)
                yield made
                nursery.cancel_scope.cancel()
        finally:
            for one in sockets:
                one.close()


async def _come_and_go(made: Station, listener: trio.socket.SocketType) -> None:
    while True:
        with trio.socket.socket() as client:
            await client.connect(("127.0.0.1", made.port))
            with (await listener.accept())[0] as server:
                await server.send(bytes(1_000))
                await client.recv(1_000)
        made.churned += 1


TROUBLE = set(Word) - CALM
