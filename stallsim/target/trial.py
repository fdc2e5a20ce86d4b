"""One stall against a server that runs: baseline, stall, wake, and everything that was seen of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager

import trio
from msgspec.structs import replace

from .address import Address
from .baseline import take_baseline
from .client import Reader
from .comparison import Marks, compare
from .dial import Wire, dial
from .dialogue import Dialogue
from .drain import Drain, drain
from .eyes import LOOK_S, Eyes, Sight, refused, usable_pace
from .gone import Gone, watch_gone
from .hold import hold
from .observation import End, Observation, Sample
from .scene import Scene
from .spec import ProbeSpec
from .stage import Stage
from .stalls import MAXSEG_BYTES, Stall
from .telling.teller import Teller

_TRIES_MAX = 12
"""Connections made in order to be served by the same worker as the witness."""


class Trial:
    """Raises EnvironmentUnfit where the server cannot be reached, StallsimError where it may not be."""

    def __init__(self, spec: ProbeSpec, address: Address, stall: Stall, teller: Teller) -> None:
        self._spec, self._address, self._stall, self._teller = spec, address, stall, teller
        self.server = ""
        """What the server calls itself, and its processes."""

    async def run(
        self, look: Callable[[Wire], AbstractContextManager[Sight]], gone: Callable[[], bool]
    ) -> Observation:
        """All of it. ``look`` finds the server's end of the witness's connection; ``gone``: it ended."""
        async with trio.open_nursery() as nursery, self._join() as watching:
            witness = Reader(watching)
            nursery.start_soon(witness.run)
            with look(watching.wire) as sight:
                self.server = " ".join(filter(None, (watching.server, sight.name())))
                self._teller.joined(watching, sight)
                tell = self._teller.look
                if self._stall.from_the_start:
                    alone = Eyes(watching.wire, watching.wire, sight)
                    baseline = replace(await take_baseline(alone, watching, tell), pace=1.0)
                async with self._join_beside(watching.wire, sight) as (dialogue, apart):
                    joined = watching.tape.messages
                    self._teller.joined(dialogue, sight, self._stall.rcvbuf)
                    stalled = Reader(dialogue, reads=not self._stall.from_the_start)
                    nursery.start_soon(stalled.run)
                    eyes = Eyes(watching.wire, dialogue.wire, sight)
                    if not self._stall.from_the_start:
                        baseline = await take_baseline(eyes, watching, tell)
                    scene = Scene(
                        spec=self._spec,
                        stall=self._stall,
                        witness=witness,
                        stalled=stalled,
                        eyes=eyes,
                        sight=sight,
                        witness_joined=joined,
                        apart=apart,
                        baseline=baseline,
                        pace=usable_pace(baseline.pace),
                        server_gone=gone,
                        tell=tell,
                    )
                    observed = await _stall_and_wake(scene)
                    self._teller.left()
            nursery.cancel_scope.cancel()
        return observed

    @asynccontextmanager
    async def _join(self, *, stalled: bool = False) -> AsyncIterator[Dialogue]:
        """A client that has opened its WebSocket; aborted in the end."""
        rcvbuf = self._stall.rcvbuf if stalled else None
        wire = await dial(self._spec.target, self._address, rcvbuf, MAXSEG_BYTES if stalled else None)
        try:
            dialogue = Dialogue(wire, self._spec.target, trio.current_time)
            await dialogue.open(self._address)
            yield dialogue
        finally:
            wire.abort()

    @asynccontextmanager
    async def _join_beside(self, witness: Wire, sight: Sight) -> AsyncIterator[tuple[Dialogue, bool]]:
        """The client to be stalled, served by the witness's own process where a server has several; and
        whether that could not be had. A process for each connection is no pool.
        """
        beside = sight.holders(witness) if sight.holders else frozenset()
        others: list[frozenset[int]] = []
        while True:
            async with self._join(stalled=True) as dialogue:
                own = sight.holders(dialogue.wire) if sight.holders else frozenset()
                together = not beside or not own or beside & own
                if together or len(others) == _TRIES_MAX:
                    yield dialogue, not together and len({own, *others}) <= len(others)
                    return
                others.append(own)


async def _stall_and_wake(scene: Scene) -> Observation:
    witness, stalled, eyes = scene.witness.dialogue, scene.stalled.dialogue, scene.eyes
    counts = (witness.tape.messages, stalled.tape.messages)
    pings = len(witness.pings)
    eyes.begin()
    scene.tell(Stage.STALLS, eyes.samples[0], 0.0)
    held = await hold(scene)
    closed_after = held.last.at_s if eyes.server_closes or stalled.ended else None
    at_wake = (witness.tape.messages, stalled.tape.messages)
    marks = Marks(*counts, *at_wake, scene.witness_joined)
    drained, left = Drain(), Gone()
    if scene.stall.vanishes:
        left = await watch_gone(stalled.wire, eyes, scene.tell)
    else:
        drained = await drain(scene)
    return Observation(
        stall=scene.stall,
        baseline=scene.baseline,
        samples=(*eyes.samples, held.last) if eyes.samples[-1] != held.last else tuple(eyes.samples),
        apart=scene.apart,
        verified=_verified(eyes.samples),
        full_after_s=held.full_after_s,
        refused_bytes=max(0, round(refused(eyes.samples[0], held.last, scene.pace))),
        kernel_bytes=held.last.rcvq_bytes + (held.last.outq_bytes or 0),
        stopped_by=held.stopped_by,
        comparison=compare(witness.tape, stalled.tape, marks, draining=drained.draining),
        end=_end(stalled, closed_after),
        witness_ended=witness.ended is not None,
        server_gone=scene.server_gone(),
        witness_after_per_s=left.witness_per_s if scene.stall.vanishes else drained.witness_per_s,
        resumed_after_s=drained.resumed_after_s,
        beyond_bytes=drained.beyond_bytes,
        forgotten=drained.forgotten,
        drain_s=drained.seconds,
        drain_gap_s=drained.gap_s,
        own_lag_s=drained.own_lag_s,
        growth_after_close_per_s=left.growth_per_s,
        pings=len(witness.pings) - pings,
        ping_interval_s=_interval(witness.pings),
        visible=scene.sight.visible,
        memory_remedy=scene.sight.remedy,
        fresh=scene.spec.command is not None,
    )


def _verified(samples: list[Sample]) -> bool:
    """Whether unread bytes stood still in the client's kernel to the end of the stall."""
    last = samples[-1]
    still = next(one for one in samples if one.received_bytes == last.received_bytes)
    return last.rcvq_bytes > 0 and last.at_s - still.at_s > 2 * LOOK_S


def _end(dialogue: Dialogue, closed_after: float | None) -> End | None:
    ended = dialogue.ended
    if ended is None:
        return None if closed_after is None else End(decided_after_s=closed_after, how="fin")
    return End(decided_after_s=closed_after, how=ended.how, code=ended.code, reason=ended.reason)


def _interval(pings: list[float]) -> float | None:
    return (pings[-1] - pings[0]) / (len(pings) - 1) if len(pings) > 1 else None
