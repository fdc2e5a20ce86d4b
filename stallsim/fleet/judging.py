"""From a fleet's timeline to an answer: costs, when the witnesses suffer, which wall is the first. Pure."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from ..kinds import EventKind
from ..timeline.events import FleetStops, WorkerLost
from ..timeline.fleet import FleetStep, Room, StepKind, Witnessed
from ..timeline.timeline import Timeline
from ..units import format_seconds, format_size
from .cost import cost
from .limits import held_against
from .refusals import refuses
from .result import Capacity, Cost, FleetResult, Wall

_LATER, _LATER_MIN_S = 5.0, 0.05
"""The witnesses' p99 must be so many times the baseline's, and by so much more, for it to count."""
_LESS = 0.7
_GAP_S = 1.0


def judge(timeline: Timeline) -> FleetResult | None:
    """What a fleet has come to, live or recorded; None where it was over before its baseline was."""
    asked = timeline.header.fleet if timeline.header is not None else None
    series = timeline.fleet
    baselines = series.of(StepKind.BASELINE)
    if timeline.header is None or asked is None or not baselines:
        return None
    baseline = baselines[0]
    steps = [_judged(baseline, one) for one in series.of(StepKind.STEP)]
    held = [_judged(baseline, one) for one in series.of(StepKind.HELD)]
    woken = series.of(StepKind.WOKEN)
    memory = cost([(one.tally.parked, one.rss_bytes) for one in (baseline, *steps)])
    kernel = cost([(one.tally.parked, one.tcp_memory_bytes) for one in (baseline, *steps)])
    stops = timeline.first.get(EventKind.FLEET_STOPS)
    stop = stops.what if stops is not None and isinstance(stops.what, FleetStops) else None
    last = (steps or baselines)[-1].tally
    result = FleetResult(
        stallsim=timeline.header.stallsim,
        url=asked.url,
        server=asked.server,
        mix=asked.mix,
        sizes=asked.sizes,
        baseline=baseline.witnessed,
        steps=tuple(steps),
        held=held[0] if held else None,
        memory=memory,
        kernel=kernel,
        capacity=capacity([*steps, *held], memory, kernel, Wall(stop.wall) if stop else Wall.NONE),
        woken=woken[0].witnessed if woken else None,
        opened_per_s=round(last.parked / last.opening_s, 1) if last.opening_s else 0.0,
        missing=sum(one.clients for one in _lost(timeline) if not one.reopened),
        stopped=stop.reason if stop else "",
        interrupted=timeline.interrupted,
        private_stack=timeline.header.private_stack,
    )
    return replace(result, limits=tuple(held_against(asked.limits, result)))


def _lost(timeline: Timeline) -> Iterator[WorkerLost]:
    whats = (getattr(one, "what", None) for one in timeline.happenings)
    return (what for what in whats if isinstance(what, WorkerLost))


def suffering_at(baseline: FleetStep, step: FleetStep) -> str:
    """How they fare worse at a step, and whether the server's processes, seen before, are gone."""
    how = suffering(baseline.witnessed, step.witnessed)
    gone = baseline.rss_bytes is not None and step.rss_bytes is None
    return f"{how}, and the server's processes are gone" if how and gone else how


def suffering(baseline: Witnessed, now: Witnessed) -> str:
    """How the witnesses fare worse than in the baseline; empty where they don't, or our lag may be why."""
    if now.ended:
        return f"{now.ended} of the witnesses' connections have ended"
    if baseline.bytes_per_s and now.bytes_per_s < _LESS * baseline.bytes_per_s and now.own_lag_s < _GAP_S:
        before, after = format_size(baseline.bytes_per_s), format_size(now.bytes_per_s)
        return f"each witness is given {after}/s, where it was {before}/s"
    if baseline.p99_s is None:
        return ""
    worst_s = now.worst_s if now.p99_s is None else now.p99_s
    limit_s = max(_LATER * baseline.p99_s, baseline.p99_s + _LATER_MIN_S) + now.own_lag_s
    if worst_s > limit_s:
        before, after = format_seconds(baseline.p99_s), format_seconds(worst_s)
        return f"a Ping of a witness is answered after {after} (p99), where it was {before}"
    return ""


def capacity(
    steps: Sequence[FleetStep], memory: Cost | None, kernel: Cost | None, stopped_by: Wall = Wall.NONE
) -> Capacity:
    """The first wall: one that was seen, else the nearest that can be calculated."""
    held = max((one.tally.parked for one in steps if not one.suffering), default=0)
    for one in steps:
        if one.suffering:
            return Capacity(
                wall=Wall.WITNESSES, clients=one.clients, seen=True, held=held, reason=one.suffering
            )
        if refuses(one.tally):
            return Capacity(wall=Wall.REFUSED, clients=one.tally.parked, seen=True, held=held)
    parked = steps[-1].tally.parked if steps else 0
    if stopped_by is not Wall.NONE:
        return Capacity(wall=stopped_by, clients=parked, seen=True, held=held)
    room = steps[-1].room if steps else Room()
    walls = [
        (parked + _more(room.memory_bytes, memory), Wall.MEMORY),
        (parked + _more(room.tcp_bytes, kernel), Wall.TCP_MEM),
        (float("inf") if room.descriptors is None else room.descriptors, Wall.DESCRIPTORS),
    ]
    clients, wall = min(walls, key=lambda one: one[0])
    if clients == float("inf"):
        return Capacity(wall=Wall.NONE, clients=None, seen=False, held=held)
    return Capacity(wall=wall, clients=int(clients), seen=False, held=held)


def _more(left: int | None, each: Cost | None) -> float:
    if left is None or each is None or each.each <= 0:
        return float("inf")
    return left / each.each


def _judged(baseline: FleetStep, step: FleetStep) -> FleetStep:
    return replace(step, suffering=suffering_at(baseline, step))
