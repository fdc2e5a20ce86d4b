"""One stall against a server that runs: baseline, stall, wake, and everything that was seen of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager

import trio

from .address import Address
from .client import Reader
from .comparison import Marks, compare
from .dial import Wire, dial
from .dialogue import Dialogue
from .drain import Drain, drain
from .eyes import LOOK_S, Eyes, Sight, refused, usable_pace
from .gone import Gone, watch_gone
from .hold import hold
from .numbering import find_numbering
from .observation import Baseline, End, Observation, Sample
from .scene import Scene
from .spec import ProbeSpec
from .stage import Stage
from .stalls import MAXSEG_BYTES, Stall
from .telling.teller import Teller

_SETTLE_S = 0.1
"""What a client is sent when it joins is not the stream."""
_BASELINES = ((0.3, 200), (0.6, 20))
"""So many seconds are enough with so many messages."""
_BASELINE_MAX_S = 2.5


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
                if self._stall.from_the_start:
                    alone = Eyes(watching.wire, watching.wire, sight)
                    baseline = await self._baseline(alone, watching)
                async with self._join(stalled=True) as dialogue:
                    self._teller.joined(dialogue, sight, self._stall.rcvbuf)
                    stalled = Reader(dialogue, reads=not self._stall.from_the_start)
                    nursery.start_soon(stalled.run)
                    eyes = Eyes(watching.wire, dialogue.wire, sight)
                    if not self._stall.from_the_start:
                        baseline = await self._baseline(eyes, watching)
                    scene = Scene(
                        spec=self._spec,
                        stall=self._stall,
                        witness=witness,
                        stalled=stalled,
                        eyes=eyes,
                        sight=sight,
                        baseline=baseline,
                        pace=usable_pace(baseline.pace),
                        server_gone=gone,
                        tell=self._teller.look,
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

    async def _baseline(self, eyes: Eyes, witness: Dialogue) -> Baseline:
        """Read along until there is enough to compare with; a stream that is slow is given more time."""
        await trio.sleep(_SETTLE_S)
        eyes.begin()
        first, messages = eyes.look(), witness.tape.messages
        worst, last = 0.0, first
        while last.at_s < _BASELINE_MAX_S and witness.ended is None:
            await trio.sleep(LOOK_S)
            last = eyes.look()
            worst = max(worst, last.witness_idle_s)
            self._teller.look(Stage.BASELINE, last, 0.0)
            count = witness.tape.messages - messages
            if any(last.at_s > seconds and count >= enough for seconds, enough in _BASELINES):
                break
        seconds = max(last.at_s - first.at_s, LOOK_S)
        given = last.witness_bytes - first.witness_bytes
        taken = given - refused(first, last, 1.0)
        return Baseline(
            seconds=seconds,
            bytes_per_s=given / seconds,
            messages=witness.tape.messages - messages,
            worst_gap_s=worst,
            pace=taken / given if given and not self._stall.from_the_start else 1.0,
        )


async def _stall_and_wake(scene: Scene) -> Observation:
    witness, stalled, eyes = scene.witness.dialogue, scene.stalled.dialogue, scene.eyes
    numbering = find_numbering(tuple(witness.tape.heads))
    if numbering is not None:
        witness.tape.number_by(numbering)
        stalled.tape.number_by(numbering)
    counts = (witness.tape.messages, stalled.tape.messages)
    pings = len(witness.pings)
    eyes.begin()
    scene.tell(Stage.STALLS, eyes.samples[0], 0.0)
    held = await hold(scene)
    closed_after = held.last.at_s if eyes.server_closes or stalled.ended else None
    marks = Marks(*counts, witness.tape.messages, stalled.tape.messages)
    drained, left = Drain(), Gone()
    if scene.stall.vanishes:
        left = await watch_gone(stalled.wire, eyes, scene.tell)
    else:
        drained = await drain(scene)
    return Observation(
        stall=scene.stall,
        baseline=scene.baseline,
        samples=(*eyes.samples, held.last) if eyes.samples[-1] != held.last else tuple(eyes.samples),
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
        drain_s=drained.seconds,
        drain_gap_s=drained.gap_s,
        own_lag_s=drained.own_lag_s,
        growth_after_close_per_s=left.growth_per_s,
        pings=len(witness.pings) - pings,
        ping_interval_s=_interval(witness.pings),
        visible=scene.sight.visible,
        memory_remedy=scene.sight.remedy,
        fresh=scene.spec.fresh or scene.spec.command is not None,
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
