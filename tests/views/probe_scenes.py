"""The timeline of a probe, simple enough to check by hand: two stalls of one server, the second begun."""

from typing import Any

from stallsim.kinds import Phase, Stalls
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.report.report import report_of
from stallsim.probing.report.summary import summarize_probe
from stallsim.profile.scenario import ClientGroup, Pace, Scenario, Stream
from stallsim.timeline.events.client import StopsReading, Wakes
from stallsim.timeline.events.kernel import Stalled
from stallsim.timeline.events.probe import Judged, Tries
from stallsim.timeline.events.what import What
from stallsim.timeline.outside import Probe, Probed, ServerMemory
from stallsim.timeline.records import ConnectionInfo, Event, Header, PhaseEvent, RecordingEnd
from stallsim.timeline.sample import Refusal, Sample
from stallsim.timeline.timeline import Timeline

from ..pure.observations import observation
from .scenes import make_sample

URL = "ws://127.0.0.1:8000/ws"
MESSAGE = 20_000
"""Bytes that each client would be given in a tick."""
BASELINE, STALLS, FULL, WAKES, LEFT = 20, 50, 62, 110, 120
KERNEL = 200_000
OF_THE_KERNEL = ("outq_bytes", "snd_wnd_bytes", "notsent_bytes", "snd_mss_bytes", "sndbuf_bytes")
NAMES = ("stop-reading", "zero-window", "vanishing")


def probe(
    url: str = URL, *, visible: bool = True, name: str = NAMES[0], upto: int | None = None
) -> Timeline:
    """A server that keeps everything; ``visible``: its kernel can be asked; ``upto``: only as far."""
    timeline = Timeline()
    names = [name, *NAMES[1:]]
    groups = [ClientGroup(name=NAMES[0], kind=NAMES[0])]
    scenario = Scenario(
        profile="probe", title=url, description="", expectation="", ticks=10**7, pace=Pace.REALTIME,
        stream=Stream(interval=0.02), clients=groups,
    )  # fmt: skip
    timeline.append(
        Header(
            version=3, stallsim="0", argv=[], scenario=scenario, kernel="", python="", libraries={},
            sysctl={}, private_stack=False, policy_limits=False, started_unix_s=0.0,
            probe=Probe(url=url, stalls=names),
        )
    )  # fmt: skip
    _tries(timeline, 0, 1, names)
    _join(timeline, BASELINE, visible)
    for tick in range(BASELINE, upto or LEFT):
        _tick(timeline, tick, visible)
    if upto:
        return timeline
    for number in (0, 1):
        last = timeline.tally(number).last
        assert last is not None
        timeline.append(PhaseEvent(tick=LEFT - 1, phase=Phase.CLOSED, sample=last))
    found = Judged(
        outcome="unbounded-growth", confidence="medium", findings="", summary="it keeps everything"
    )
    timeline.append(Event(tick=LEFT, connection=1, what=found))
    _tries(timeline, LEFT + 5, 2, names)
    return timeline


def side_by_side() -> Timeline:
    """The second stall is judged while the first goes on; each server has memory of its own."""
    timeline = probe(upto=FULL)
    _tries(timeline, FULL, 2, list(NAMES))
    for number, name in ((2, "witness-2"), (3, NAMES[1])):
        _opened(timeline, number, name, FULL, stalls=number == 3, visible=True)
        first = make_sample(tick=FULL, connection=number, settled=False)
        timeline.append(PhaseEvent(tick=FULL, phase=Phase.FLOWING, sample=first))
    timeline.append(ServerMemory(tick=FULL + 1, rss_bytes=77_000_000, stall=2))
    timeline.append(ServerMemory(tick=FULL + 1, rss_bytes=31_000_000, stall=1))
    found = Judged(outcome="disconnects", confidence="high", findings="", summary="it ends it")
    timeline.append(Event(tick=FULL + 9, connection=3, what=found))
    return timeline


def ended(timeline: Timeline) -> Timeline:
    """The same, when it is over."""
    timeline.append(RecordingEnd(tick=LEFT + 5, attempts=1, wall_s=2.5))
    return timeline


SCREEN = (
    "stallsim 0.1.0 probe of ws://127.0.0.1:8000/ws",
    "",
    "   stall         outcome        bound",
    "✗  stop-reading  growth (low)   none below ~994 kB",
    "     the server keeps everything for a client that does not read: no bound below 994 kB within 1 s",
    "✓  zero-window   drops (high)   ~1.0 MB",
    "?  vanishing     inconclusive   not known",
    "",
    "OUTCOME  growth, confidence low",
    "looked   stop-reading for 1 s and ~994 kB: a later timeout, or a larger bound, would not be seen",
)
SEEN = observation()
RESULT = summarize_probe(URL, "", [report_of(SEEN, judge_stall(SEEN))], 1.0, "")


def reported(timeline: Timeline, screen: tuple[str, ...] = SCREEN) -> Timeline:
    """The same, when it has found something, and is over."""
    timeline.append(Probed(tick=LEFT + 5, result=RESULT, screen=screen))
    return ended(timeline)


def _tries(timeline: Timeline, tick: int, number: int, names: list[str]) -> None:
    what = Tries(number=number, of=len(names), stall=names[number - 1], does="stops reading")
    timeline.append(Event(tick=tick, what=what))


def _join(timeline: Timeline, tick: int, visible: bool) -> None:
    for number, name in enumerate(("witness-1", NAMES[0])):
        _opened(timeline, number, name, tick, stalls=bool(number), visible=visible)


def _opened(timeline: Timeline, number: int, name: str, tick: int, *, stalls: bool, visible: bool) -> None:
    hidden = () if visible else OF_THE_KERNEL
    timeline.append(
        ConnectionInfo(
            connection=number, tick=tick, client=name, kind=name,
            stalls=Stalls.MUST if stalls else Stalls.NEVER,
            sndbuf_bytes_asked=None, sndbuf_bytes_effective=0, rcvbuf_bytes_asked=4096,
            rcvbuf_bytes_effective=8192, snd_mss_bytes=1300, maxseg_bytes_asked=1312, congestion="",
            inferred=("queue_bytes",) if stalls else (),
            unknown=("queue_messages", "dropped_bytes", *hidden, *(() if stalls else ("queue_bytes",))),
        )
    )  # fmt: skip


def _tick(timeline: Timeline, tick: int, visible: bool) -> None:
    given = (tick - BASELINE + 1) * MESSAGE
    stalled = STALLS <= tick < WAKES
    read = (STALLS - BASELINE) * MESSAGE if stalled else given
    rcvq = min(given - read, 6_500)
    outq = min(given - read - rcvq, KERNEL)
    kernel: dict[str, Any] = {
        "outq_bytes": outq, "notsent_bytes": outq, "snd_wnd_bytes": 6_500 - rcvq, "sndbuf_bytes": 262_144,
        "wmem_queued_bytes": outq * 130 // 100, "snd_mss_bytes": 1300, "rcvbuf_bytes": 8192,
    }  # fmt: skip
    if not visible:
        kernel = {"snd_wnd_bytes": 0, "sndbuf_bytes": 0, "snd_mss_bytes": 0, "rcvbuf_bytes": 8192}
    refusal = Refusal.INFERRED if FULL <= tick < WAKES else Refusal.NONE
    now = make_sample(
        tick=tick, connection=1, settled=False, queue_bytes=given - read - rcvq - outq, refusal=refusal,
        received_bytes=read + rcvq, rcvq_bytes=rcvq, read_bytes=read, rmem_alloc_bytes=rcvq * 11 // 10,
        **kernel,
    )  # fmt: skip
    if tick % 5 == 0:
        timeline.append(ServerMemory(tick=tick, rss_bytes=30_000_000 + now.queue_bytes, stall=1))
    other = make_sample(
        tick=tick, connection=0, settled=False, received_bytes=given, read_bytes=given,
        **(kernel | {"outq_bytes": 0, "notsent_bytes": 0, "wmem_queued_bytes": 0, "snd_wnd_bytes": 65_000}),
    )  # fmt: skip
    for sample in (other, now):
        timeline.append(sample)
    _tell(timeline, tick, now, other)


def _tell(timeline: Timeline, tick: int, now: Sample, other: Sample) -> None:
    phases = {
        BASELINE: Phase.FLOWING, STALLS: Phase.RECEIVER_FILLING, STALLS + 1: Phase.SENDER_FILLING,
        FULL: Phase.WRITE_BLOCKED, WAKES: Phase.DRAINING, WAKES + 3: Phase.RECOVERED,
    }  # fmt: skip
    whats: dict[int, What] = {
        STALLS: StopsReading(read_bytes=now.read_bytes, held_bytes=0),
        STALLS + 2: Stalled(evidence="window shut"),
        WAKES: Wakes(),
    }
    if tick == BASELINE:
        timeline.append(PhaseEvent(tick=tick, phase=Phase.FLOWING, sample=other))
    if tick in whats:
        timeline.append(Event(tick=tick, connection=1, what=whats[tick]))
    if tick in phases and not (phases[tick] is Phase.SENDER_FILLING and not now.sndbuf_bytes):
        timeline.append(PhaseEvent(tick=tick, phase=phases[tick], sample=now))
