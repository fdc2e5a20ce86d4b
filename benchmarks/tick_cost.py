"""What a lockstep tick costs, in parts, so that it shows what is ours.

    python -m benchmarks.tick_cost [--rounds N] [--check | --keep]

Every part moves the same bytes: two connections, one frame of 6,680 bytes each a tick. The parts are
measured in turn, round after round in one process, in CPU time: a lockstep run never waits.

No library is in a tick's path any more: a run resumes its clients' coroutines itself, and they speak
through its own WebSocket core. What the libraries would cost is measured beside it, with the clients as
they once were (``on_libraries.py``): two tasks of trio's that are handed their turns, and one of them on
trio-websocket. So the promise is what a whole tick costs beyond bare sockets (server, kernels' queues,
both clients, phases, timeline), in units of what trio and trio-websocket cost beyond them to read the
same bytes: a ratio of the figures of one round, and of all rounds the median. ``--keep`` writes it to a
file beside this one; ``--check`` exits 1 where it has grown by more than a quarter of what stands there.

Until the libraries left the path, the ratio was (tick - libraries) / (libraries - bare sockets), which is
the present one less 1.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from unittest import mock

import trio
from msgspec.structs import replace

from stallsim.clients import Client, ClientEnd
from stallsim.clients._websocket import RawWebSocket
from stallsim.clients.sleeping_tab import SleepingTab
from stallsim.kinds import Phase
from stallsim.phases import next_phase
from stallsim.profile.load import load_profile
from stallsim.runner import attempt, lockstep
from stallsim.runner.lockstep_turns import LockstepTurns
from stallsim.runner.resolve import Participants, resolve_scenario
from stallsim.runner.run_state import RunState
from stallsim.server.policies import Message, Queue
from stallsim.server.policies.unbounded import Unbounded
from stallsim.timeline.records import FORMAT_VERSION, Header
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.stall import stall_evidence

from .on_libraries import OnTrioWebsocket, TrioTurns

TICKS = 400
ON_LIBRARIES = (OnTrioWebsocket(), SleepingTab(sleep_tick=1_000_000))
KEPT = Path(__file__).with_suffix(".last")
GROWTH_MAX = 1.25
FRAME = bytes([0x82, 126, *(6676).to_bytes(2, "big")]) + bytes(6676)
Driver = Callable[[RunState, LockstepTurns], Awaitable[None]]


class Discard(Client, frozen=True):
    """Reads and throws away, on bare trio."""

    async def behave(self, end: ClientEnd) -> None:
        await RawWebSocket(end).open()
        with end.over:
            while True:
                while end.recv(65536):
                    pass
                await end.turn()


def main() -> int:
    """1 if the ratio has grown beyond what ``--check`` allows."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--check", action="store_true")
    kept.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    rounds = asked.rounds
    awake = ("clients.sleeper.sleep-tick=100000", "clients.sleeper.wake-tick=100000")
    parts: dict[str, Callable[[], float]] = {
        "bare sockets": lambda: measure(bare, awake, (Discard(), Discard())),
        "+ trio": lambda: measure(libraries, awake, (Discard(), Discard())),
        "+ trio-websocket": lambda: measure(libraries, awake, ON_LIBRARIES),
        "a tick, both awake": lambda: measure(whole, awake),
        "a tick of sleeping-tab": lambda: measure(whole, ()),
        "  sampling, where nothing moves": lambda: measure(sampling, awake),
        "  settling": lambda: measure(settling, awake),
        "  phases and policy": lambda: measure(meaning, awake),
    }
    figures: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(rounds):
        for name, part in parts.items():
            figures[name].append(part())
    print(f"us a tick, two connections, median (least) of {rounds} rounds of {TICKS} ticks")
    for name, series in figures.items():
        print(f"{name:<34}{statistics.median(series):8.1f} {min(series):8.1f}")
    ratio = statistics.median(map(ours_to_theirs, zip(*figures.values(), strict=True)))
    print(f"beyond bare sockets: ours / (trio + trio-websocket) = {ratio:.2f}")
    if asked.keep:
        KEPT.write_text(f"{ratio:.2f}\n")
    if asked.check:
        last = float(KEPT.read_text())
        print(f"kept of the last change: {last:.2f}")
        return int(ratio > last * GROWTH_MAX)
    return 0


def ours_to_theirs(round_: tuple[float, ...]) -> float:
    """Of the figures of one round, which share whatever disturbed it."""
    bare_us, _, libraries_us, awake_us, *_ = round_
    return (awake_us - bare_us) / (libraries_us - bare_us)


def measure(driver: Driver, overrides: tuple[str, ...], clients: tuple[Client, ...] = ()) -> float:
    """Microseconds a tick of ``driver`` on freshly opened connections; ``clients``: for the profile's."""
    loaded = load_profile("sleeping-tab", overrides)
    participants = resolve_scenario(loaded)
    if clients:
        groups = [group for group, _ in participants.clients]
        pinned = [replace(client, rcvbuf=65536, maxseg=1312) for client in clients]
        participants = Participants(participants.defence, list(zip(groups, pinned, strict=True)))
    timeline = Timeline()
    timeline.append(
        Header(
            version=FORMAT_VERSION,
            stallsim="",
            argv=[],
            scenario=loaded.scenario,
            kernel="",
            python="",
            libraries={},
            sysctl={},
            private_stack=False,
            policy_limits=False,
            started_unix_s=0.0,
        )
    )
    spent: list[float] = []

    async def timed(run: RunState, turns: LockstepTurns) -> None:
        started = time.process_time()
        await driver(run, turns)
        spent.append(time.process_time() - started)

    turns = TrioTurns if driver is libraries else LockstepTurns
    with (
        mock.patch.object(attempt, "run_lockstep", timed),
        mock.patch.object(attempt, "LockstepTurns", turns),
    ):
        trio.run(attempt.attempt, participants, timeline)
    return spent[0] / TICKS * 1e6


async def whole(run: RunState, turns: LockstepTurns) -> None:
    await lockstep.run_lockstep(run, turns)


async def bare(run: RunState, turns: LockstepTurns) -> None:
    for _ in range(TICKS):
        for connection in run.connections:
            connection.session.sock.send(FRAME)
            while True:
                try:
                    connection.end.sock.recv(65536)
                except BlockingIOError:
                    break


async def libraries(run: RunState, turns: LockstepTurns) -> None:
    assert isinstance(turns, TrioTurns), "measure has seen to it"
    for _ in range(TICKS):
        for connection in run.connections:
            connection.session.sock.send(FRAME)
            await turns.hand(connection.end)


async def sampling(run: RunState, turns: LockstepTurns) -> None:
    for tick in range(TICKS):
        for connection in run.connections:
            connection.sample(tick, settled=True)


async def settling(run: RunState, turns: LockstepTurns) -> None:
    for _ in range(TICKS):
        for connection in run.connections:
            connection.settle()


async def meaning(run: RunState, turns: LockstepTurns) -> None:
    policy, queue = Unbounded(), Queue()
    samples = [connection.sample(0, settled=True) for connection in run.connections]
    for tick in range(TICKS):
        for sample in samples:
            policy.offer(queue, Message(tick, FRAME), 0.0)
            policy.take(queue, 0.0)
            stall_evidence(sample, sample)
            next_phase(Phase.FLOWING, sample, sample)


if __name__ == "__main__":
    sys.exit(main())
