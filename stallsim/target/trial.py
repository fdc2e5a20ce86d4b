"""One stall against a server that runs: baseline, stall, wake, and everything that was seen of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import trio

from .address import Address
from .client import Reader
from .comparison import Marks, compare
from .dial import dial
from .dialogue import Dialogue
from .drain import Drain, drain
from .eyes import LOOK_S, Eyes, Sight, refused
from .gone import Gone, watch_gone
from .numbering import find_numbering
from .observation import Baseline, End, Observation, Sample
from .spec import WATCH_S, ProbeSpec
from .stalls import MAXSEG_BYTES, Stall

_BASELINE_S, _BASELINE_MAX_S, _BASELINE_MESSAGES = 0.6, 2.5, 20
_FILL_MAX_S = 4.0
_SILENCE_S, _SILENCE_GAPS = 1.5, 8
_REFUSED_MIN_BYTES = 32768
_UNSEEN_KERNEL_BYTES = 4 * 2**20
"""What a server's send queue may hold at most by default, where it cannot be read (tcp_wmem)."""
Tell = Callable[[str, Sample | None, float], None]
"""Hears how far a stall is: its stage, the latest sample, the bytes refused."""


@dataclass
class Scene:
    """The two clients and what is being watched."""

    witness: Reader
    stalled: Reader
    eyes: Eyes
    pace: float = 1.0

    @property
    def pair(self) -> tuple[Dialogue, Dialogue]:
        """The dialogues of the witness and of the stalled client."""
        return self.witness.dialogue, self.stalled.dialogue


class Trial:
    """Raises EnvironmentUnfit where the server cannot be reached, StallsimError where it may not be."""

    def __init__(self, spec: ProbeSpec, address: Address, stall: Stall, tell: Tell) -> None:
        self._spec, self._address, self._stall, self._tell = spec, address, stall, tell
        self.server = ""

    async def run(self, sight: Callable[[Dialogue], Sight], gone: Callable[[], bool]) -> Observation:
        """All of it. ``sight`` looks for the server's end once there is one; ``gone``: the server is."""
        async with trio.open_nursery() as nursery, self._join() as witness_dialogue:
            self.server = witness_dialogue.server
            witness = Reader(witness_dialogue)
            nursery.start_soon(witness.run)
            sees = sight(witness_dialogue)
            if self._stall.from_the_start:
                eyes = Eyes(witness_dialogue.wire, witness_dialogue.wire, sees)
                baseline = await self._baseline(eyes, witness_dialogue)
            async with self._join(stalled=True) as dialogue:
                stalled = Reader(dialogue, reads=not self._stall.from_the_start)
                nursery.start_soon(stalled.run)
                scene = Scene(witness, stalled, Eyes(witness_dialogue.wire, dialogue.wire, sees))
                if not self._stall.from_the_start:
                    baseline = await self._baseline(scene.eyes, witness_dialogue)
                scene.pace = baseline.pace if 0.8 < baseline.pace < 1.25 else 1.0
                observed = await self._stalled(scene, baseline, sees, gone)
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
        await trio.sleep(0.1)
        eyes.begin()
        first, messages = eyes.look(), witness.tape.messages
        worst, last = 0.0, first
        while last.at_s < _BASELINE_MAX_S and witness.ended is None:
            await trio.sleep(LOOK_S)
            last = eyes.look()
            worst = max(worst, last.witness_idle_s)
            self._tell("baseline", last, 0.0)
            if last.at_s > _BASELINE_S and witness.tape.messages - messages >= _BASELINE_MESSAGES:
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

    async def _stalled(
        self, scene: Scene, baseline: Baseline, sees: Sight, gone: Callable[[], bool]
    ) -> Observation:
        (witness, dialogue), eyes = scene.pair, scene.eyes
        numbering = find_numbering(tuple(witness.tape.heads))
        if numbering is not None:
            witness.tape.number_by(numbering)
            dialogue.tape.number_by(numbering)
        memory_before = eyes.look().memory_bytes
        marks_at_stall = (witness.tape.messages, dialogue.tape.messages)
        pings = len(witness.pings)
        eyes.begin()
        async with trio.open_nursery() as nursery:
            self._begin_stall(scene, baseline, nursery)
            stopped_by, full_after = await self._watch(scene, baseline, gone)
            nursery.cancel_scope.cancel()
        closed_after = eyes.at_s if eyes.server_closes or dialogue.ended else None
        last = eyes.note()
        marks = Marks(*marks_at_stall, witness.tape.messages, dialogue.tape.messages)
        drained, left = Drain(), Gone()
        if self._stall.vanishes:
            left = await watch_gone(scene.stalled.dialogue.wire, eyes, sees)
        else:
            drained = await drain(scene.witness, scene.stalled, eyes, scene.pace, self._tell)
        visible = sees.visible
        return Observation(
            stall=self._stall,
            baseline=baseline,
            samples=tuple(eyes.samples),
            verified=_verified(eyes.samples),
            full_after_s=full_after,
            refused_bytes=max(0, round(refused(eyes.samples[0], last, scene.pace))),
            kernel_bytes=last.rcvq_bytes + (last.outq_bytes or 0),
            stopped_by=stopped_by,
            comparison=compare(witness.tape, dialogue.tape, marks, draining=drained.draining),
            end=_end(dialogue, closed_after),
            witness_ended=witness.ended is not None,
            server_gone=gone(),
            witness_after_per_s=drained.witness_per_s,
            drain_s=drained.seconds,
            drain_gap_s=drained.gap_s,
            own_lag_s=drained.own_lag_s,
            memory_before_bytes=memory_before,
            memory_after_bytes=left.memory_bytes,
            growth_after_close_per_s=left.growth_per_s,
            server_let_go_after_s=left.let_go_after_s,
            pings=len(witness.pings) - pings,
            ping_interval_s=_interval(witness.pings),
            visible=visible,
        )

    def _begin_stall(self, scene: Scene, baseline: Baseline, nursery: trio.Nursery) -> None:
        stall, stalled = self._stall, scene.stalled
        stalled.dialogue.pongs = False
        if stall.rate_share:
            stalled.read_no_more_than(0)
            nursery.start_soon(stalled.drip, baseline.bytes_per_s * stall.rate_share)
        elif not stall.reads_all:
            stalled.read_no_more_than(stall.reads_more_bytes)

    async def _watch(
        self, scene: Scene, baseline: Baseline, gone: Callable[[], bool]
    ) -> tuple[str, float | None]:
        """Until the evidence suffices: why it ended, and when the kernels took no more."""
        spec, eyes = self._spec, scene.eyes
        first, full_after = eyes.samples[0], None
        watch_s = spec.watch_s or WATCH_S
        silence_s = max(_SILENCE_S, _SILENCE_GAPS * baseline.worst_gap_s)
        while True:
            await trio.sleep(LOOK_S)
            now = eyes.note()
            unseen = _UNSEEN_KERNEL_BYTES if now.outq_bytes is None else 0
            over = refused(first, now, scene.pace) - unseen
            self._tell("stalled", now, max(0.0, over))
            if full_after is None and over > _REFUSED_MIN_BYTES:
                full_after = now.at_s
            grown = (now.memory_bytes or 0) - (first.memory_bytes or 0)
            if eyes.server_closes or scene.stalled.dialogue.ended or gone():
                return "closed", full_after
            if max(over, grown) >= spec.stop_at_bytes:
                return "memory", full_after
            if spec.watch_s is None and over >= spec.watch_bytes:
                return "enough", full_after
            if spec.watch_s is None and now.witness_idle_s > silence_s and now.rcvq_bytes:
                return "silence", full_after
            since = full_after if full_after is not None else max(_FILL_MAX_S, watch_s) - watch_s
            if now.at_s >= since + watch_s:
                return "time", full_after


def _verified(samples: list[Sample]) -> bool:
    """Whether unread bytes stood still in the client's kernel while the witness was given more, or both
    were given nothing: the window was shut.
    """
    last = samples[-1]
    still = [one for one in samples if one.received_bytes == last.received_bytes]
    return last.rcvq_bytes > 0 and last.at_s - still[0].at_s > 2 * LOOK_S


def _end(dialogue: Dialogue, closed_after: float | None) -> End | None:
    ended = dialogue.ended
    if ended is None:
        return None if closed_after is None else End(decided_after_s=closed_after, how="fin")
    return End(decided_after_s=closed_after, how=ended.how, code=ended.code, reason=ended.reason)


def _interval(pings: list[float]) -> float | None:
    return (pings[-1] - pings[0]) / (len(pings) - 1) if len(pings) > 1 else None
