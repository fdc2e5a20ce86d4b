"""One stall against a server that runs: baseline, stall, wake, and everything that was seen of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import trio
from msgspec.structs import replace

from ...interruption import innermost
from ..address import Address
from ..client.connection import Connection
from ..client.join import Patience
from ..client.reader import Reader
from ..client.stream_client import StreamClient
from ..compare.alignment import Marks
from ..compare.comparing import compare
from ..observe.connection_reading import ConnectionReading
from ..observe.observation import Baseline, Observation, StallRecord, observation_of
from ..observe.observer import Observer
from ..observe.pace import usable_pace
from ..observe.periods import PeriodMeter
from ..observe.ping_latency import PingLatency
from ..observe.server_view import ServerView
from ..observe.step import Step
from ..plan import Planned
from ..protocols import PROTOCOLS
from ..recording.recorder import ProbeRecorder
from ..spec import ProbeSpec
from .after_close import watch_close
from .after_vanish import AfterVanish, watch_vanished
from .baseline import take_baseline
from .context import TrialContext
from .drain import Drain, drain
from .ending import counts_of, end_of, has_ended, interval_of, joining_bytes_of
from .joining import Joining
from .settling import settle_both, settle_witness
from .stall import hold

_AGAIN = 4
"""Small bounds on a busy machine cut off a client that is a few hundredths of a second late."""


class _PingUnwelcome(Exception):
    """The witness's connection ended in the baseline, its first Ping unanswered."""


class _EndedBefore(Exception):
    """The stalled client's connection ended in the baseline."""


class Trial:
    """Raises EnvironmentUnfit where the server cannot be reached, StallsimError where it may not be."""

    def __init__(
        self,
        spec: ProbeSpec,
        address: Address,
        planned: Planned,
        recorder: ProbeRecorder,
        patience: Patience,
        time_is_up: Callable[[], bool] = lambda: False,
    ) -> None:
        self._spec, self._recorder = spec, recorder
        self._stall, self._watch = planned
        self._address, self._time_is_up = address, time_is_up
        self._joining = Joining(spec.target, address, planned.stall, patience)
        self.server = ""
        """What the server calls itself, and its processes."""

    async def run(
        self, look: Callable[[Connection], AbstractContextManager[ServerView]], gone: Callable[[], bool]
    ) -> Observation:
        """All of it. ``look`` finds the server's end of the witness's connection; ``gone``: it ended.

        Again where a client was cut off before it stalled, as a machine that stood still may have it;
        without Pings of our own, where a server seems to have ended a connection for one.
        """
        asks, again = PROTOCOLS.find(self._address.protocol).has_ping, _AGAIN
        while True:
            try:
                return await self._attempt(look, gone, asks=asks, again=again > 0)
            except BaseExceptionGroup as group:
                match innermost(group):
                    case _PingUnwelcome():
                        asks = False
                    case _EndedBefore():
                        again -= 1
                    case _:
                        raise

    async def _attempt(
        self,
        look: Callable[[Connection], AbstractContextManager[ServerView]],
        gone: Callable[[], bool],
        *,
        asks: bool,
        again: bool,
    ) -> Observation:
        async with trio.open_nursery() as nursery, self._joining.join() as watching:
            witness, ping_latency = Reader(watching), PingLatency(watching) if asks else None
            nursery.start_soon(witness.run)
            if ping_latency is not None:
                nursery.start_soon(ping_latency.run)
            with look(watching.connection) as view:
                meter = PeriodMeter(view, ping_latency)
                self.server = " ".join(dict.fromkeys(filter(None, (watching.server, view.name()))))
                reading = ConnectionReading(watching, view, stalled=False)
                self._recorder.joined(reading)
                tell = self._recorder.look
                alone = Observer(reading, reading, view)
                await settle_witness(alone, watching)
                if self._stall.from_the_start:
                    baseline = replace(await self._take_baseline(alone, watching), pace=1.0)
                async with self._joining.join_beside(watching.connection, view) as (websocket, apart):
                    joined = counts_of(watching.log)
                    other = ConnectionReading(websocket, view, stalled=True)
                    self._recorder.joined(other, self._stall.rcvbuf)
                    stalled = Reader(websocket, reads=not self._stall.from_the_start)
                    nursery.start_soon(stalled.run)
                    observer = Observer(reading, other, view)
                    if not self._stall.from_the_start:
                        await settle_both(observer, websocket)
                        baseline = await self._take_baseline(observer, watching)
                    unwelcome = ping_latency is not None and ping_latency.unwelcome
                    if unwelcome or (again and has_ended(websocket, observer) and not gone()):
                        self._recorder.starts_over()
                        raise _PingUnwelcome if unwelcome else _EndedBefore
                    context = TrialContext(
                        spec=self._spec,
                        stall=self._stall,
                        watch=self._watch,
                        witness=witness,
                        stalled=stalled,
                        observer=observer,
                        view=view,
                        witness_joined=joined,
                        meter=meter,
                        apart=apart,
                        baseline=baseline,
                        pace=usable_pace(baseline.pace),
                        server_gone=gone,
                        time_is_up=self._time_is_up,
                        tell=tell,
                        server=self.server,
                    )
                    beside = await _stall_and_wake(context)
                    self._recorder.left()
                    self._recorder.observed(beside)
                    verified = self._recorder.stall_confirmed
            nursery.cancel_scope.cancel()
        return observation_of(beside, tuple(observer.looks), verified=verified)

    async def _take_baseline(self, observer: Observer, witness: StreamClient) -> Baseline:
        spec = self._spec
        needed = not self._stall.reads_all and spec.keepalive_s is None
        tell = self._recorder.look
        return await take_baseline(observer, witness, tell, exactly_s=spec.baseline_s, needed=needed)


async def _stall_and_wake(context: TrialContext) -> StallRecord:
    witness, stalled, observer = context.witness.websocket, context.stalled.websocket, context.observer
    stall = (counts_of(witness.log), counts_of(stalled.log))
    pings = len(witness.pings)
    context.meter.turn()
    observer.begin()
    ended_before = has_ended(stalled, observer)
    context.tell(Step.STALLS, observer.looks.first, 0.0)
    held = await hold(context)
    closed_after = held.last.at_s if has_ended(stalled, observer) else None
    goes_on = closed_after is None or ended_before or context.server_gone()
    ending = None if goes_on else await watch_close(context, held)
    context.meter.turn()
    wake = (counts_of(witness.log), counts_of(stalled.log))
    marks, chunks = (Marks(*moments) for moments in zip(*stall, *wake, context.witness_joined, strict=True))
    drained, left = Drain(), AfterVanish()
    if context.stall.vanishes:
        left = await watch_vanished(stalled.connection, observer, context.tell)
    else:
        drained = await drain(context)
    context.meter.turn()
    compared = compare(witness.log, stalled.log, marks, chunks, draining=drained.draining)
    return StallRecord(
        kind=context.stall.name,
        server=context.server,
        baseline=context.baseline,
        stalled_s=held.last.at_s,
        apart=context.apart,
        ended_before=ended_before,
        full_after_s=held.full_after_s,
        stopped_by=held.stopped_by,
        comparison=compared,
        joining_bytes=joining_bytes_of(compared, observer.looks.first),
        end=end_of(stalled, closed_after),
        witness_ended=witness.ended is not None,
        server_gone=context.server_gone(),
        witness_after_per_s=left.witness_per_s if context.stall.vanishes else drained.witness_per_s,
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
        has_ping=stalled.protocol.has_ping,
        visible=context.view.visible,
        horizon_bytes=context.spec.horizon_bytes,
        available_bytes=context.view.available_bytes(),
        memory_remedy=context.view.remedy,
        fresh=context.spec.fresh or context.spec.command is not None,
        ending=ending,
        periods=context.meter.periods,
        memory_after=context.meter.memory_after(),
    )
