"""One stall against a server that runs: baseline, stall, wake, and everything that was seen of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import trio
from msgspec.structs import replace

from ...interruption import innermost
from ..address import Address
from ..client.dial import Wire
from ..client.reader import Reader
from ..evidence.comparison import Marks, compare
from ..evidence.observation import Observation
from ..evidence.pace import refused, usable_pace
from ..evidence.stage import Stage
from ..sight.eyes import Eyes, Sight
from ..sight.gauges import Gauges
from ..sight.pulse import Pulse
from ..spec import ProbeSpec
from ..stalls import Stall
from ..telling.teller import Teller
from .baseline import take_baseline
from .drain import Drain, drain
from .ended import end_of, has_ended, interval_of, is_verified
from .gone import Gone, watch_gone
from .hold import hold
from .joining import Joining
from .linger import linger
from .scene import Scene

_AHEAD_S = 0.1
"""By so much a witness's own stream is ahead, to be told from one that both share."""


class _PingUnwelcome(Exception):
    """The witness's connection ended in the baseline, its first Ping unanswered."""


class _EndedBefore(Exception):
    """The stalled client's connection ended in the baseline."""


class Trial:
    """Raises EnvironmentUnfit where the server cannot be reached, StallsimError where it may not be."""

    def __init__(self, spec: ProbeSpec, address: Address, stall: Stall, teller: Teller) -> None:
        self._spec, self._stall, self._teller = spec, stall, teller
        self._joining = Joining(spec.target, address, stall)
        self.server = ""
        """What the server calls itself, and its processes."""

    async def run(
        self, look: Callable[[Wire], AbstractContextManager[Sight]], gone: Callable[[], bool]
    ) -> Observation:
        """All of it. ``look`` finds the server's end of the witness's connection; ``gone``: it ended.

        Once more where a client was cut off before it stalled, as a machine that stood still may have it;
        without Pings of our own, where a server seems to have ended a connection for one.
        """
        asks, once_more = True, True
        while True:
            try:
                return await self._attempt(look, gone, asks=asks, once_more=once_more)
            except BaseExceptionGroup as group:
                match innermost(group):
                    case _PingUnwelcome():
                        asks = False
                    case _EndedBefore():
                        once_more = False
                    case _:
                        raise

    async def _attempt(
        self,
        look: Callable[[Wire], AbstractContextManager[Sight]],
        gone: Callable[[], bool],
        *,
        asks: bool,
        once_more: bool,
    ) -> Observation:
        async with trio.open_nursery() as nursery, self._joining.join() as watching:
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
                async with self._joining.join_beside(watching.wire, sight) as (dialogue, apart):
                    joined = watching.tape.messages
                    self._teller.joined(dialogue, sight, self._stall.rcvbuf)
                    stalled = Reader(dialogue, reads=not self._stall.from_the_start)
                    nursery.start_soon(stalled.run)
                    eyes = Eyes(watching, dialogue.wire, sight)
                    if not self._stall.from_the_start:
                        baseline = await take_baseline(eyes, watching, tell)
                    unwelcome = pulse is not None and pulse.unwelcome
                    if unwelcome or (once_more and has_ended(dialogue, eyes) and not gone()):
                        self._teller.starts_over()
                        raise _PingUnwelcome if unwelcome else _EndedBefore
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


async def _stall_and_wake(scene: Scene) -> Observation:
    witness, stalled, eyes = scene.witness.dialogue, scene.stalled.dialogue, scene.eyes
    counts = (witness.tape.messages, stalled.tape.messages)
    pings = len(witness.pings)
    scene.gauges.turn()
    eyes.begin()
    ended_before = has_ended(stalled, eyes)
    scene.tell(Stage.STALLS, eyes.samples[0], 0.0)
    held = await hold(scene)
    closed_after = held.last.at_s if has_ended(stalled, eyes) else None
    goes_on = closed_after is None or ended_before or scene.server_gone()
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
        ended_before=ended_before,
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
