"""A fleet that grows step by step: opened, looked at, held, woken; everything goes to the timeline."""

import trio

from ..timeline.events.fleet import FleetGrows, FleetStops, FleetWakes, HandshakesWait
from ..timeline.fleet.asked import sizes
from ..timeline.fleet.steps import FleetStep, StepKind
from ..units import format_seconds
from .bounds import over_memory, rhythm_unknown, server_ended_at, suffering_at
from .holders import Holders
from .readings import Readings
from .recorded import RecordedReadings
from .refusals import leaves_unanswered, refuses
from .result import Wall
from .spec import FleetSpec
from .waiting import WaitingHandshakes
from .witnessed_periods import WitnessedPeriods

_POLL_S, _WAKE_S = 0.1, 3.0
_LONGER_S = 0.8
"""So much longer a baseline goes on at a time, where its rhythm is not known yet."""


class FleetGrowth:
    """``run`` may be cut short: the timeline has what was seen until then."""

    def __init__(
        self, spec: FleetSpec, holders: Holders, readings: Readings, recorded: RecordedReadings
    ) -> None:
        self._spec, self._holders = spec, holders
        self._readings, self._recorded = readings, recorded
        self._waiting = WaitingHandshakes()
        self._stopped = self._server_ended = False

    async def run(self) -> None:
        """All steps, or as many as the server and the machine stand."""
        spec = self._spec
        baseline = await self._watch(StepKind.BASELINE, spec.baseline_s, 0)
        wanted = 0
        for size in sizes(spec.clients, spec.steps):
            before, wanted = wanted, size
            self._recorded.happened(FleetGrows(clients=wanted))
            await self._holders.open(wanted - before, spec.mix, spec.rate_per_s)
            await self._await_open(wanted, wanted - before)
            await self._stand(StepKind.STEP, spec.look_s, wanted, baseline)
            if self._stopped:
                break
        if spec.hold_s and not self._server_ended:
            await self._stand(StepKind.HELD, spec.hold_s, wanted, baseline)
        if spec.wake_share and not self._server_ended:
            self._recorded.happened(FleetWakes(share=spec.wake_share))
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
        first = await self._recorded.read()
        seen = WitnessedPeriods()
        last, began_s = first, trio.current_time()
        over_s, over = began_s + seconds, False
        while not over:
            await trio.sleep_until(min(self._recorded.due_s, over_s))
            over = trio.current_time() >= over_s
            last = await self._recorded.read(memory=over)
            if last.witnessed is not None:
                seen.add(last.witnessed)
            self._look_at_limit()
            if self._ends_for_want():
                last = await self._recorded.read(memory=True)
                break
            if over and kind is StepKind.BASELINE and rhythm_unknown(seen.total, seconds):
                over, over_s = False, over_s + _LONGER_S
        used_s = None if last.cpu_s is None or first.cpu_s is None else max(0.0, last.cpu_s - first.cpu_s)
        step = FleetStep(
            clients=wanted,
            tally=last.tally,
            witnessed=seen.total,
            look=last.look,
            rss_bytes=last.rss_bytes,
            rss_before_bytes=first.rss_bytes,
            rss_most_bytes=self._recorded.rss_most_bytes,
            cpu_share=None if used_s is None else round(used_s / (trio.current_time() - began_s), 3),
            tcp_memory_bytes=last.tcp_memory_bytes,
            kernel_memory=last.kernel_memory,
            room=self._readings.room(self._spec.memory_bytes),
        )
        self._recorded.end_step(kind, step)
        return step

    async def _await_open(self, wanted: int, more: int) -> None:
        """The server's time begins when those that hold the clients have the order."""
        limit_s = self._spec.opening_s + more / self._spec.rate_per_s
        until_s = float("inf")
        while not (ordered := self._holders.tally.wanted >= wanted) or not self._holders.tally.settled:
            if ordered:
                until_s = min(until_s, trio.current_time() + limit_s)
            await trio.sleep(_POLL_S)
            news = self._holders.tally != self._recorded.latest.tally
            if news or trio.current_time() >= self._recorded.due_s:
                await self._recorded.read()
            self._look_for_waiting()
            if self._ends_for_want() or self._look_at_limit():
                return
            if trio.current_time() >= until_s:
                reason = f"the server had not opened {wanted:,} clients after {format_seconds(limit_s)}"
                self._stop(reason, Wall.NONE)
                return

    def _look_for_waiting(self) -> None:
        tally = self._holders.tally
        if (for_s := self._waiting.look(trio.current_time(), tally)) is not None:
            why = self._readings.descriptors_gone()
            waits = HandshakesWait(clients=tally.connecting, for_s=round(for_s, 3), why=why)
            self._recorded.happened(waits)

    def _ends_for_want(self) -> bool:
        """Whether a machine that holds clients runs short: nothing is watched any more."""
        short = self._holders.short()
        if short is not None:
            self._stop(short.reason, short.wall)
        return short is not None

    def _look_at_limit(self) -> bool:
        """Whether the server's memory has passed its limit: the fleet grows no further, and is watched."""
        over = over_memory(self._spec.memory_bytes, self._recorded.rss_most_bytes)
        if self._spec.goes_on or not over:
            return False
        self._stop(over, Wall.MEMORY)
        return True

    def _stop(self, reason: str, wall: Wall) -> None:
        if not self._stopped:
            self._stopped = True
            self._recorded.happened(FleetStops(reason=reason, wall=wall.value))
