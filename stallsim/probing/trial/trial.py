"""Runs one stall on a running server: baseline, stall, wake, and the observation of all of it."""

from collections.abc import Callable

import trio
from msgspec.structs import replace

from ...interruption import innermost
from ...timeline.probed.measures import Cut, Period
from ...timeline.probed.stall_record import Baseline
from ..address import Address
from ..client.join import Patience
from ..client.reader import Reader
from ..client.stream_client import StreamClient
from ..observe.connection_reading import ConnectionReading
from ..observe.observation import Observation, observation_of
from ..observe.observer import StallObserver
from ..observe.pace import usable_pace
from ..plan import Planned
from ..protocols import PROTOCOLS
from ..recording.stall_recorder import StallRecorder
from ..spec import ProbeSpec
from .baseline import take_baseline
from .context import TrialContext
from .control import cut_before_its_stall, silent_control
from .course import stall_and_wake
from .ending import counts_of, has_ended
from .joined_witness import JoinedWitness, OpenView, join_witness
from .joining import Joining
from .settling import settle_both, settle_witness
from .unstalled import Doubt, watch_unstalled
from .way import ControlUnwelcome, Way


class Trial:
    """One stall. Raises EnvironmentUnfit if the server cannot be reached, StallsimError if it must not be
    stalled.
    """

    def __init__(
        self,
        spec: ProbeSpec,
        address: Address,
        planned: Planned,
        recorder: StallRecorder,
        patience: Patience,
        time_is_up: Callable[[], bool] = lambda: False,
        begins: Callable[[Period, float], None] = lambda _, __: None,
        doubt_of: Callable[[Observation], Doubt | None] = lambda _: None,
    ) -> None:
        self._spec, self._recorder = spec, recorder
        self._stall, self._watch, self._keepalive = planned
        self._address, self._time_is_up, self._begins = address, time_is_up, begins
        self._doubt_of = doubt_of
        self._joining = Joining(spec.target, address, planned.stall, patience)
        self._cut_before: list[Cut] = []
        self._starts_over = False

    async def run(self, open_view: OpenView, gone: Callable[[], bool]) -> Observation:
        """Run the stall and return its observation. ``gone`` returns whether the server has ended.

        The stall is repeated if a client was ended before it stalled, which a busy machine may cause;
        without Pings of this program, if the server seems to have ended a connection for one; and without
        the silent control, if that may have been one client too many.
        """
        has_ping = PROTOCOLS.find(self._address.protocol).has_ping
        way = Way(sends_pings=has_ping, has_control=has_ping)
        while True:
            try:
                seen = await self._attempt(open_view, gone, way)
                break
            except BaseExceptionGroup as group:
                other = way.without(innermost(group))
                if other is None:
                    raise
                way = other
        seen = await self._with_control(seen, open_view)
        self._recorder.observed(seen.record)
        return seen

    async def _with_control(self, seen: Observation, open_view: OpenView) -> Observation:
        """The observation with a control, if a pause of the server's own could explain what it shows."""
        doubt = self._doubt_of(seen)
        if doubt is None or seen.record.server_gone or self._time_is_up():
            return seen
        unstalled = await watch_unstalled(self._joining, open_view, doubt, self._time_is_up)
        return replace(seen, record=replace(seen.record, unstalled=unstalled))

    async def _attempt(self, open_view: OpenView, gone: Callable[[], bool], way: Way) -> Observation:
        async with trio.open_nursery() as nursery:
            async with join_witness(
                self._joining, nursery, open_view, sends_pings=way.sends_pings
            ) as witness:
                self._recorder.joined(witness.reading)
                seen = await self._stall_beside(witness, nursery, gone, way)
            nursery.cancel_scope.cancel()
        return seen

    async def _stall_beside(
        self, witness: JoinedWitness, nursery: trio.Nursery, gone: Callable[[], bool], way: Way
    ) -> Observation:
        alone = witness.observe_alone()
        settled = await settle_witness(alone, witness.client)
        others_joined_s = trio.current_time()
        baseline: Baseline | None = None
        if self._stall.from_the_start:
            baseline = replace(await self._take_baseline(alone, witness.client), pace=1.0)
        async with (
            silent_control(self._joining, nursery, witness.own_lag, wanted=way.has_control) as silent,
            self._joining.join_beside(witness.client.connection, witness.view) as (client, apart),
        ):
            joined = counts_of(witness.client.log)
            reading = ConnectionReading(client, witness.view, stalled=True)
            self._recorder.joined(reading, self._stall.rcvbuf)
            stalled = Reader(client, reads=not self._stall.from_the_start)
            nursery.start_soon(stalled.run)
            observer, paced = StallObserver(witness.reading, reading, witness.view), True
            if baseline is None:
                witness.own_lag.reads_everything(client.connection)
                paced = await settle_both(observer, client)
                baseline = await self._take_baseline(observer, witness.client)
                if not paced:  # the client was still receiving what it is sent on joining
                    baseline = replace(baseline, pace=1.0)
            ended, from_the_start = has_ended(client, observer), self._stall.from_the_start
            reason = way.reason_to_leave_it(witness, silent, ended=ended, from_the_start=from_the_start)
            if ended and not (reason is ControlUnwelcome or from_the_start):
                self._cut_before += cut_before_its_stall(client, witness.own_lag)
            if reason is not None and not gone():
                self._recorder.starts_over()
                self._starts_over = True
                raise reason
            context = TrialContext(
                spec=self._spec,
                stall=self._stall,
                watch=self._watch if self._keepalive or baseline.has_stream else self._spec.short,
                witness=witness.reader,
                stalled=stalled,
                observer=observer,
                view=witness.view,
                witness_joined=joined,
                still_joining=not (paced and settled),
                witness_settled=settled,
                meter=witness.meter,
                apart=apart,
                baseline=baseline,
                pace=usable_pace(baseline.pace),
                server_gone=gone,
                time_is_up=self._time_is_up,
                begins=self._begins,
                record_look=self._recorder.look,
                server=witness.server_name(),
                silent=silent,
                own_lag=witness.own_lag,
                cut_before=tuple(self._cut_before),
                others_joined_s=others_joined_s,
                keepalive_s=self._spec.keepalive_s if self._keepalive else None,
            )
            record = await stall_and_wake(context)
            self._recorder.left()
            return observation_of(record, tuple(observer.looks), verified=self._recorder.stall_confirmed)

    async def _take_baseline(self, observer: StallObserver, witness: StreamClient) -> Baseline:
        spec = self._spec
        needed = not self._stall.reads_all and not self._keepalive
        record_look = self._recorder.look
        taken = await take_baseline(
            observer,
            witness,
            record_look,
            exactly_s=spec.baseline_s,
            needed=needed,
            for_memory=self._stall.vanishes and spec.baseline_s is None,
        )
        # the clients of an earlier attempt have gone: memory that grows now may be what leaks for them
        return replace(taken, memory_per_s=0.0) if self._starts_over else taken
