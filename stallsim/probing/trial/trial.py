"""Runs one stall on a running server: baseline, stall, wake, and the observation of all of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import trio
from msgspec.structs import replace

from ...interruption import innermost
from ...timeline.probed.measures import Cut, Period
from ...timeline.probed.stall_record import Baseline
from ..address import Address
from ..client.connection import ClientConnection
from ..client.join import Patience
from ..client.reader import Reader
from ..client.stream_client import StreamClient
from ..observe.connection_reading import ConnectionReading
from ..observe.observation import Observation, observation_of
from ..observe.observer import StallObserver
from ..observe.own_lag import OwnLag
from ..observe.pace import usable_pace
from ..observe.periods import PeriodMeter
from ..observe.ping_latency import PingLatency
from ..observe.server_view import ServerView
from ..plan import Planned
from ..protocols import PROTOCOLS
from ..recording.stall_recorder import StallRecorder
from ..spec import ProbeSpec
from .baseline import take_baseline
from .context import TrialContext
from .control import cut_before_its_stall, silent_control
from .course import stall_and_wake
from .ending import counts_of, has_ended
from .joining import Joining
from .settling import settle_both, settle_witness

_AGAIN = 4
"""How often a client that was ended before its stall is replaced. On a busy machine a server with small
buffers may end a client that reads a few hundredths of a second late.
"""


class _PingUnwelcome(Exception):
    """The witness's connection ended in the baseline while its first Ping was unanswered."""


class _EndedBefore(Exception):
    """The stalled client's connection ended in the baseline."""


class _ControlUnwelcome(Exception):
    """A connection ended in the baseline while there were three: the server may allow only two."""


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
    ) -> None:
        self._spec, self._recorder = spec, recorder
        self._stall, self._watch, self._keepalive = planned
        self._address, self._time_is_up, self._begins = address, time_is_up, begins
        self._joining = Joining(spec.target, address, planned.stall, patience)
        self._cut_before: list[Cut] = []
        self._starts_over = False
        self.server = ""
        """The server's name, as its answer gives it, and the names of its processes."""

    async def run(
        self,
        look: Callable[[ClientConnection], AbstractContextManager[ServerView]],
        gone: Callable[[], bool],
    ) -> Observation:
        """Run the stall and return its observation. ``look`` finds the server's end of the witness's
        connection; ``gone`` returns whether the server has ended.

        The stall is repeated if a client was ended before it stalled, which a busy machine may cause;
        without Pings of this program, if the server seems to have ended a connection for one; and without
        the silent control, if that may have been one client too many.
        """
        asks, again = PROTOCOLS.find(self._address.protocol).has_ping, _AGAIN
        control = asks
        while True:
            try:
                return await self._attempt(look, gone, asks=asks, again=again > 0, control=control)
            except BaseExceptionGroup as group:
                match innermost(group):
                    case _PingUnwelcome():
                        asks = False
                    case _ControlUnwelcome():
                        control = False
                    case _EndedBefore():
                        again -= 1
                    case _:
                        raise

    async def _attempt(
        self,
        look: Callable[[ClientConnection], AbstractContextManager[ServerView]],
        gone: Callable[[], bool],
        *,
        asks: bool,
        again: bool,
        control: bool,
    ) -> Observation:
        own_lag = OwnLag()
        async with trio.open_nursery() as nursery, self._joining.join() as watching:
            nursery.start_soon(own_lag.run)
            own_lag.reads_everything(watching.connection)
            witness, ping_latency = Reader(watching), PingLatency(watching) if asks else None
            nursery.start_soon(witness.run)
            if ping_latency is not None:
                nursery.start_soon(ping_latency.run)
            with look(watching.connection) as view:
                meter = PeriodMeter(view, ping_latency)
                self.server = " ".join(dict.fromkeys(filter(None, (watching.server, view.name()))))
                reading = ConnectionReading(watching, view, stalled=False)
                self._recorder.joined(reading)
                record_look = self._recorder.look
                alone = StallObserver(reading, reading, view)
                settled = await settle_witness(alone, watching)
                others_s = trio.current_time()
                if self._stall.from_the_start:
                    baseline = replace(await self._take_baseline(alone, watching), pace=1.0)
                async with (
                    silent_control(self._joining, nursery, own_lag, wanted=control) as silent,
                    self._joining.join_beside(watching.connection, view) as (stream_client, apart),
                ):
                    joined = counts_of(watching.log)
                    other = ConnectionReading(stream_client, view, stalled=True)
                    self._recorder.joined(other, self._stall.rcvbuf)
                    stalled = Reader(stream_client, reads=not self._stall.from_the_start)
                    if not self._stall.from_the_start:
                        own_lag.reads_everything(stream_client.connection)
                    nursery.start_soon(stalled.run)
                    observer = StallObserver(reading, other, view)
                    paced = True
                    if not self._stall.from_the_start:
                        paced = await settle_both(observer, stream_client)
                        baseline = await self._take_baseline(observer, watching)
                        if not paced:  # the client was still receiving what the server sends on joining
                            baseline = replace(baseline, pace=1.0)
                    ended = has_ended(stream_client, observer)
                    because: type[Exception] | None = None
                    if ping_latency is not None and ping_latency.unwelcome:
                        because = _PingUnwelcome
                    elif silent is not None and (ended or watching.ended):
                        because = _ControlUnwelcome
                    elif again and ended and not self._stall.from_the_start:
                        because = _EndedBefore
                    if ended and not (because is _ControlUnwelcome or self._stall.from_the_start):
                        self._cut_before += cut_before_its_stall(stream_client, own_lag)
                    if because is not None and not gone():
                        self._recorder.starts_over()
                        self._starts_over = True
                        raise because
                    context = TrialContext(
                        spec=self._spec,
                        stall=self._stall,
                        watch=self._watch if self._keepalive or baseline.has_stream else self._spec.short,
                        witness=witness,
                        stalled=stalled,
                        observer=observer,
                        view=view,
                        witness_joined=joined,
                        still_joining=not (paced and settled),
                        witness_settled=settled,
                        meter=meter,
                        apart=apart,
                        baseline=baseline,
                        pace=usable_pace(baseline.pace),
                        server_gone=gone,
                        time_is_up=self._time_is_up,
                        begins=self._begins,
                        record_look=record_look,
                        server=self.server,
                        silent=silent,
                        own_lag=own_lag,
                        cut_before=tuple(self._cut_before),
                        others_joined_s=others_s,
                        keepalive_s=self._spec.keepalive_s if self._keepalive else None,
                    )
                    beside = await stall_and_wake(context)
                    self._recorder.left()
                    self._recorder.observed(beside)
                    verified = self._recorder.stall_confirmed
            nursery.cancel_scope.cancel()
        return observation_of(beside, tuple(observer.looks), verified=verified)

    async def _take_baseline(self, observer: StallObserver, witness: StreamClient) -> Baseline:
        spec = self._spec
        needed = not self._stall.reads_all and not self._keepalive
        record_look = self._recorder.look
        taken = await take_baseline(
            observer, witness, record_look, exactly_s=spec.baseline_s, needed=needed
        )
        # the clients of an earlier attempt have gone: memory that grows now may be what leaks for them
        return replace(taken, memory_per_s=0.0) if self._starts_over else taken
