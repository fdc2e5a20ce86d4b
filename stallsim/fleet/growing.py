"""A fleet that grows step by step: opened, looked at, held, woken; everything goes to the timeline."""

import trio

from ..timeline import events
from ..timeline.fleet import FleetStep, HeldCount, KernelMemory, Reading, StepKind, Stepped, Worker, sizes
from ..timeline.records import Event
from ..timeline.timeline import Timeline
from .bounds import over_memory, rhythm_unknown, server_ended_at, suffering_at
from .holders import Holders
from .readings import Readings, changes
from .refusals import leaves_unanswered, refuses
from .result import Wall
from .spec import FleetSpec
from .waiting import WaitingHandshakes
from .witnessed_periods import WitnessedPeriods
from .witnesses import Witnesses

TICK_S = 0.1
"""The times of readings are recorded in such steps."""
_POLL_S, _LOOK_EACH_S, _LOOKS_PER_REST = 0.1, 0.8, 0.04
"""Looks at very many sockets are rarer, so that they take no more than that of a core."""
_WAKE_S = 3.0


class FleetGrowth:
    """``run`` may be cut short: the timeline has what was seen until then."""

    def __init__(
        self,
        spec: FleetSpec,
        timeline: Timeline,
        witnesses: Witnesses,
        holders: Holders,
        readings: Readings,
    ) -> None:
        self._spec, self._timeline = spec, timeline
        self._witnesses, self._holders, self._readings = witnesses, holders, readings
        self._began_s = trio.current_time()
        self._before = Reading(tick=0, tally=HeldCount())
        self._rss_most_bytes: int | None = None
        """Since the step before."""
        self._due_s = 0.0
        """When the next reading is due."""
        self._waiting = WaitingHandshakes()
        self._stopped = self._server_ended = False

    @property
    def elapsed_s(self) -> float:
        """Since the beginning."""
        return trio.current_time() - self._began_s

    @property
    def tick(self) -> int:
        """The same on the timeline's axis."""
        return round(self.elapsed_s / TICK_S)

    async def run(self) -> None:
        """All steps, or as many as the server and the machine stand."""
        spec = self._spec
        baseline = await self._watch(StepKind.BASELINE, spec.baseline_s, 0)
        wanted = 0
        for size in sizes(spec.clients, spec.steps):
            before, wanted = wanted, size
            self._append(events.FleetGrows(clients=wanted))
            await self._holders.open(wanted - before, spec.mix, spec.rate_per_s)
            await self._await_open(wanted)
            await self._stand(StepKind.STEP, spec.look_s, wanted, baseline)
            if self._stopped:
                break
        if spec.hold_s and not self._server_ended:
            await self._stand(StepKind.HELD, spec.hold_s, wanted, baseline)
        if spec.wake_share and not self._server_ended:
            self._append(events.FleetWakes(share=spec.wake_share))
            await self._holders.wake(spec.wake_share)
            await self._watch(StepKind.WOKEN, _WAKE_S, wanted)

    async def _stand(self, kind: StepKind, seconds: float, wanted: int, baseline: FleetStep) -> None:
        step = await self._watch(kind, seconds, wanted)
        if self._spec.goes_on:
            return
        if ended := server_ended_at(baseline, step):
            self._server_ended = True
            self._stop(ended, Wall.SERVER_ENDED)
        elif worse := suffering_at(baseline, step):
            self._stop(worse, Wall.WITNESSES)
        elif refuses(step.tally):
            self._stop("the server refuses clients", Wall.REFUSED)
        elif silent := leaves_unanswered(step.tally):
            self._stop(silent, Wall.UNANSWERED)

    async def _watch(self, kind: StepKind, seconds: float, wanted: int) -> FleetStep:
        """Look now and then (a stall takes two looks in a row); what was seen becomes a step."""
        first = self._read()
        seen = WitnessedPeriods()
        last, began_s = first, trio.current_time()
        over_s, over = began_s + seconds, False
        while not over:
            await trio.sleep_until(min(self._due_s, over_s))
            over = trio.current_time() >= over_s
            last = self._read(await self._readings.kernel_memory() if over else None)
            if last.witnessed is not None:
                seen.add(last.witnessed)
            self._look_at_limit()
            if self._ends_for_want():
                last = self._read(await self._readings.kernel_memory())
                break
            if over and kind is StepKind.BASELINE and rhythm_unknown(seen.total, seconds):
                over, over_s = False, over_s + _LOOK_EACH_S
        used_s = None if last.cpu_s is None or first.cpu_s is None else max(0.0, last.cpu_s - first.cpu_s)
        step = FleetStep(
            clients=wanted,
            tally=last.tally,
            witnessed=seen.total,
            look=last.look,
            rss_bytes=last.rss_bytes,
            rss_before_bytes=first.rss_bytes,
            rss_most_bytes=self._rss_most_bytes,
            cpu_share=None if used_s is None else round(used_s / (trio.current_time() - began_s), 3),
            tcp_memory_bytes=last.tcp_memory_bytes,
            kernel_memory=last.kernel_memory,
            room=self._readings.room(self._spec.memory_bytes),
        )
        self._timeline.append(Stepped(tick=self.tick, kind=kind, step=step))
        self._rss_most_bytes = None
        return step

    async def _await_open(self, wanted: int) -> None:
        with trio.move_on_after(self._spec.opening_s) as opening:
            while self._holders.tally.wanted < wanted or not self._holders.tally.settled:
                await trio.sleep(_POLL_S)
                if self._holders.tally != self._before.tally or trio.current_time() >= self._due_s:
                    self._read()
                self._look_for_waiting()
                if self._ends_for_want() or self._look_at_limit():
                    return
        if opening.cancelled_caught:
            limit_s = self._spec.opening_s
            self._stop(f"the server had not opened {wanted:,} clients after {limit_s:g} s", Wall.NONE)

    def _read(self, kernel_memory: KernelMemory | None = None) -> Reading:
        """Of all workers together."""
        for one in self._holders.news(self.tick):
            self._timeline.append(one if isinstance(one, Worker) else Event(tick=self.tick, what=one))
        for reading in self._readings.read(self.tick, kernel_memory):
            self._timeline.append(reading)
        now = self._timeline.fleet.now
        assert now is not None, "this program itself has read"
        for change in changes(self._before, now):
            self._append(change)
        self._before = now
        took_s = now.look.took_s if now.look is not None else 0.0
        self._due_s = trio.current_time() + max(_LOOK_EACH_S, took_s / _LOOKS_PER_REST)
        if now.rss_bytes is not None:
            self._rss_most_bytes = max(now.rss_bytes, self._rss_most_bytes or 0)
        return now

    def _look_for_waiting(self) -> None:
        tally = self._holders.tally
        if (for_s := self._waiting.look(trio.current_time(), tally)) is not None:
            why = self._readings.descriptors_gone()
            waits = events.HandshakesWait(clients=tally.connecting, for_s=round(for_s, 3), why=why)
            self._append(waits)

    def _ends_for_want(self) -> bool:
        """Whether a machine that holds clients runs short: nothing is watched any more."""
        short = self._holders.short()
        if short is not None:
            self._stop(short.reason, short.wall)
        return short is not None

    def _look_at_limit(self) -> bool:
        """Whether the server's memory has passed its limit: the fleet grows no further, and is watched."""
        over = "" if self._spec.goes_on else over_memory(self._spec.memory_bytes, self._rss_most_bytes)
        if over:
            self._stop(over, Wall.MEMORY)
        return bool(over)

    def _stop(self, reason: str, wall: Wall) -> None:
        if not self._stopped:
            self._stopped = True
            self._append(events.FleetStops(reason=reason, wall=wall.value))

    def _append(self, what: events.What) -> None:
        self._timeline.append(Event(tick=self.tick, what=what))
