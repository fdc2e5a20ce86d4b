"""Runs our sleeping tab as a trace's browser was run, and says what was seen in the same terms."""

import math
import time
from typing import NamedTuple, TypeVar

from stallsim.content import Content
from stallsim.kinds import EventKind, Phase
from stallsim.profile.load import Loaded, Origin
from stallsim.profile.scenario import ClientGroup, Pace, Scenario, ServerSpec, Stream
from stallsim.runner.execute import Execution
from stallsim.timeline.events.client import StopsReading
from stallsim.timeline.events.server import CloseReceived, PongLate, PongMissing
from stallsim.timeline.records import Event, PhaseEvent, Record
from stallsim.timeline.sample import Refusal, Sample
from stallsim.timeline.timeline import Timeline
from stallsim.units import BufferSize, FrameSize, Seconds

from .real_trace import words_of_ending
from .seen import DRAINED, Seen, Setup, all_of, phases_of
from .witness import Witness

_AWAKE_S, _AWAKE_MESSAGES = 0.5, 20
"""Awake for both before the freeze: a browser's read size is decided by its last 100 reads."""
_AFTERWARDS_S = 0.5
BLIND_S_MAX = 0.01
"""Two of the shortest ticks: a process kept from running for longer reads several messages at once."""
_TCP_END = {Phase.RESET: "RST", Phase.CLOSED: "FIN", Phase.TIMED_OUT: "ETIMEDOUT"}


class OurRun(NamedTuple):
    """One run of ours."""

    seen: Seen
    timeline: Timeline
    blind_s: float
    """The longest time for which this process did not get to run: what its times are worth."""

    @property
    def starved(self) -> bool:
        """Whether the machine was so busy that a difference need not be ours."""
        return self.blind_s > BLIND_S_MAX


T = TypeVar("T")


class _Clock:
    """Stamps what is appended to the timeline; in realtime that happens as it happens."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self.events: list[tuple[float, Event]] = []
        self.samples: list[tuple[float, Sample]] = []

    def __call__(self, record: Record) -> None:
        now_s = time.perf_counter()
        match record:
            case Event():
                self.events.append((now_s, record))
                if record.kind is EventKind.SLEEPS:
                    self._witness.asleep_since_s = now_s
                if record.kind is EventKind.WAKES:
                    self._witness.done = True
            case Sample():
                self.samples.append((now_s, record))

    def first(self, kind: EventKind) -> tuple[float, Event] | None:
        return next(((at, event) for at, event in self.events if event.kind is kind), None)


def run(setup: Setup, asleep_s: float | None = None) -> OurRun:
    """Run ours once. ``asleep_s``: sleep shorter than the trace did, where less is to be seen."""
    ticks_asleep = math.ceil((asleep_s or setup.asleep_s) / setup.interval_s)
    sleep_tick = max(math.ceil(_AWAKE_S / setup.interval_s), _AWAKE_MESSAGES)
    sleep_tick += (setup.sleeps_after - sleep_tick) % setup.ping_ticks
    wake_tick = sleep_tick + ticks_asleep
    last_tick = wake_tick + max(2, math.ceil(_AFTERWARDS_S / setup.interval_s))
    witness = Witness()
    clock = _Clock(witness)
    execution = Execution(Loaded(_scenario(setup, sleep_tick, wake_tick, last_tick), Origin("trace", {})))
    execution.prepare()
    timeline = execution.execute(listener=clock, watcher=witness.watcher)
    return OurRun(_seen(setup, clock, witness, timeline), timeline, witness.blind_s)


def _scenario(setup: Setup, sleep_tick: int, wake_tick: int, last_tick: int) -> Scenario:
    ping, sndbuf = setup.ping_interval_s, setup.sndbuf_bytes
    options = {
        "sleep-tick": sleep_tick,
        "wake-tick": wake_tick,
        "asleep": setup.asleep.value,
        "wake": setup.wake.value,
        "deflate": setup.deflate,
    }
    return Scenario(
        profile="as-the-trace",
        title="As the trace",
        description="",
        expectation="",
        ticks=last_tick,
        pace=Pace.REALTIME,
        stream=Stream(
            frame=FrameSize(setup.frame_bytes),
            interval=Seconds(setup.interval_s),
            content=Content.TEXT if setup.deflate else Content.RANDOM,
        ),
        server=ServerSpec(
            ping_interval=None if ping is None else Seconds(ping),
            sndbuf=None if sndbuf is None else BufferSize(sndbuf),
            congestion=setup.congestion,
            deflate=setup.deflate,
        ),
        clients=[ClientGroup(name="tab", kind="sleeping-tab", options=options)],
    )


def _seen(setup: Setup, clock: _Clock, witness: Witness, timeline: Timeline) -> Seen:
    (asleep_at, sleeps), (woke_at, wakes) = _sure(clock, EventKind.SLEEPS), _sure(clock, EventKind.WAKES)
    stopped = clock.first(EventKind.STOPS_READING)  # not in a sleep that is too short for that
    asleep = [(at, sample) for at, sample in clock.samples if sleeps.tick <= sample.tick < wakes.tick]
    last = asleep[-1][1]
    page_bytes = last.read_bytes - last.held_bytes
    refused = next((pair for pair in asleep if pair[1].refusal is not Refusal.NONE), None)
    pongs_asleep, pongs_late = _pongs(setup, sleeps.tick, wakes.tick, clock)
    ending = _ending(timeline)
    return Seen(
        options=witness.options,
        message_bytes=round(page_bytes / sleeps.tick) if setup.deflate else setup.frame_bytes,
        held_bytes=_of(stopped[1], StopsReading).held_bytes if stopped else last.held_bytes,
        stopped_s=stopped and stopped[0] - asleep_at,
        zero_window_s=witness.shut and witness.shut.at_s - asleep_at,
        rcvq_bytes=witness.shut and witness.shut.rcvq_bytes,
        # a tick's sample is taken as the tick ends, and its messages are written as it begins
        refused_s=refused and refused[0] - setup.interval_s - asleep_at,
        absorbed_bytes=refused and refused[1].accepted_bytes - page_bytes,
        outq_bytes=refused and refused[1].outq_bytes,
        phases=phases_of(sample for _, sample in asleep),
        pongs_asleep=pongs_asleep,
        pongs_late=pongs_late,
        ending=ending,
        last_read_bytes=None if ending == DRAINED else clock.samples[-1][1].read_bytes - last.read_bytes,
        drain_bytes_per_s=_drain(clock, woke_at, page_bytes, setup.frame_bytes),
    )


def _sure(clock: _Clock, kind: EventKind) -> tuple[float, Event]:
    found = clock.first(kind)
    assert found is not None, f"its scenario has {kind.value}"
    return found


def _of(event: Event, kind: type[T]) -> T:
    assert isinstance(event.what, kind)
    return event.what


def _pongs(setup: Setup, sleep_tick: int, wake_tick: int, clock: _Clock) -> tuple[int | None, str | None]:
    """From the server's keepalive: the number of the first missing Pong, and how many came late."""
    if setup.ping_interval_s is None:
        return None, None
    before, sent = ((tick - 1) // setup.ping_ticks for tick in (sleep_tick, wake_tick))
    missing = [event for _, event in clock.events if event.kind is EventKind.PONG_MISSING]
    answered = _of(missing[0], PongMissing).ping - 1 if missing else sent
    late = sum(event.what.pongs for _, event in clock.events if isinstance(event.what, PongLate))
    # the last of them was never missed: no further Ping followed it before it was answered
    late += late > 0 and late == sent - answered - 1
    return answered - before, all_of(min(late, sent - answered), sent - answered)


def _ending(timeline: Timeline) -> str:
    """How it ended by itself: after the scenario's last tick every client that is awake leaves."""
    phase, code, reason = Phase.FLOWING, None, None
    for happening in timeline.happenings:
        if happening.tick >= timeline.scenario.ticks:
            break
        if isinstance(happening, PhaseEvent):
            phase = happening.phase
        elif isinstance(happening.what, CloseReceived):
            code, reason = happening.what.code, happening.what.reason
    if phase in _TCP_END:
        return words_of_ending(code, reason, _TCP_END[phase])
    return DRAINED if phase is Phase.RECOVERED else f"open, {phase.value}"


def _drain(clock: _Clock, woke_at: float, page_bytes: int, frame_bytes: int) -> float | None:
    """What the page took by the time at which no more than two messages waited."""
    for at, sample in clock.samples:
        if at > woke_at and sample.backlog_bytes <= 2 * frame_bytes:
            return (sample.read_bytes - sample.held_bytes - page_bytes) / (at - woke_at)
    return None
