"""One stall against a server that runs: baseline, stall, wake, and everything that was seen of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager

import trio
from msgspec.structs import replace

from ...interruption import innermost
from ..address import Address
from ..client.dial import Wire, dial
from ..client.dialogue import Dialogue
from ..client.reader import Reader
from ..evidence.comparison import Marks, compare
from ..evidence.observation import Observation
from ..evidence.pace import refused, usable_pace
from ..evidence.stage import Stage
from ..sight.eyes import Eyes, Sight
from ..sight.gauges import Gauges
from ..sight.pulse import Pulse
from ..spec import ProbeSpec
from ..stalls import MAXSEG_BYTES, Stall
from ..telling.teller import Teller
from .baseline import take_baseline
from .drain import Drain, drain
from .ended import end_of, interval_of, is_verified
from .gone import Gone, watch_gone
from .hold import hold
from .linger import linger
from .scene import Scene

_AHEAD_S = 0.1
"""By so much a witness's own stream is ahead, to be told from one that both share."""
_TRIES_MAX = 12
"""Connections made in order to be served by the same worker as the witness."""


class _PingUnwelcome(Exception):
    """The witness's connection ended in the baseline, its first Ping unanswered."""


class Trial:
    """Raises EnvironmentUnfit where the server cannot be reached, StallsimError where it may not be."""

    def __init__(self, spec: ProbeSpec, address: Address, stall: Stall, teller: Teller) -> None:
        self._spec, self._address, self._stall, self._teller = spec, address, stall, teller
        self.server = ""
        """What the server calls itself, and its processes."""

    async def run(
        self, look: Callable[[Wire], AbstractContextManager[Sight]], gone: Callable[[], bool]
    ) -> Observation:
        """All of it. ``look`` finds the server's end of the witness's connection; ``gone``: it ended.

        Without Pings of our own, where a server seems to have ended a connection for one.
        """
        try:
            return await self._attempt(look, gone, asks=True)
        except BaseExceptionGroup as group:
            if not isinstance(innermost(group), _PingUnwelcome):
                raise
        self._teller.starts_over()
        return await self._attempt(look, gone, asks=False)

    async def _attempt(
        self,
        look: Callable[[Wire], AbstractContextManager[Sight]],
        gone: Callable[[], bool],
        *,
        asks: bool,
    ) -> Observation:
        async with trio.open_nursery() as nursery, self._join() as watching:
            witness, pulse = Reader(watching), Pulse(watching) if asks else None
            nursery.start_soon(witness.run)
            if pulse is not None:
                nursery.start_soon(pulse.run)
            with look(watching.wire) as sight:
                gauges = Gauges(sight, pulse)
                self.server = " ".join(dict.fromkeys(filter(None, (watching.server, sight.name()))))
                self._teller.joined(watching, sight)
                tell = self._teller.look
                if self._stall.from_the_start:
                    alone = Eyes(watching, watching.wire, sight)
                    baseline = replace(await take_baseline(alone, watching, tell), pace=1.0)
                else:
                    await trio.sleep(_AHEAD_S)
                async with self._join_beside(watching.wire, sight) as (dialogue, apart):
                    joined = watching.tape.messages
                    self._teller.joined(dialogue, sight, self._stall.rcvbuf)
                    stalled = Reader(dialogue, reads=not self._stall.from_the_start)
                    nursery.start_soon(stalled.run)
                    eyes = Eyes(watching, dialogue.wire, sight)
                    if not self._stall.from_the_start:
                        baseline = await take_baseline(eyes, watching, tell)
                    if pulse is not None and pulse.unwelcome:
                        raise _PingUnwelcome
                    scene = Scene(
                        spec=self._spec,
                        stall=self._stall,
                        witness=witness,
                        stalled=stalled,
                        eyes=eyes,
                        sight=sight,
                        witness_joined=joined,
                        gauges=gauges,
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
    scene.gauges.turn()
    eyes.begin()
    scene.tell(Stage.STALLS, eyes.samples[0], 0.0)
    held = await hold(scene)
    closed_after = held.last.at_s if eyes.server_closes or stalled.ended else None
    goes_on = closed_after is None or scene.server_gone()
    ending = None if goes_on else await linger(scene, held)
    scene.gauges.turn()
    at_wake = (witness.tape.messages, stalled.tape.messages)
    marks = Marks(*counts, *at_wake, scene.witness_joined)
    drained, left = Drain(), Gone()
    if scene.stall.vanishes:
        left = await watch_gone(stalled.wire, eyes, scene.tell)
    else:
        drained = await drain(scene)
    scene.gauges.turn()
    return Observation(
        stall=scene.stall,
        baseline=scene.baseline,
        samples=(*eyes.samples, held.last) if eyes.samples[-1] != held.last else tuple(eyes.samples),
        apart=scene.apart,
        verified=is_verified(eyes.samples),
        full_after_s=held.full_after_s,
        refused_bytes=max(0, round(refused(eyes.samples[0], held.last, scene.pace))),
        kernel_bytes=held.last.rcvq_bytes + (held.last.outq_bytes or 0),
        stopped_by=held.stopped_by,
        comparison=compare(witness.tape, stalled.tape, marks, draining=drained.draining),
        end=end_of(stalled, closed_after),
        witness_ended=witness.ended is not None,
        server_gone=scene.server_gone(),
        witness_after_per_s=left.witness_per_s if scene.stall.vanishes else drained.witness_per_s,
        resumed_after_s=drained.resumed_after_s,
        beyond_bytes=drained.beyond_bytes,
        forgotten=drained.forgotten,
        drain_s=drained.seconds,
        drain_gap_s=drained.gap_s,
        own_lag_s=drained.own_lag_s,
        gone_s=left.seconds,
        growth_after_close_per_s=left.growth_per_s,
        pings=len(witness.pings) - pings,
        ping_interval_s=interval_of(witness.pings),
        visible=scene.sight.visible,
        available_bytes=scene.sight.available_bytes(),
        memory_remedy=scene.sight.remedy,
        fresh=scene.spec.fresh or scene.spec.command is not None,
        ending=ending,
        periods=scene.gauges.periods,
        memory_after=scene.gauges.memory_after(),
    )
