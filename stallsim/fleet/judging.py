"""From a fleet's timeline to an answer: costs, when the witnesses suffer, which wall is the first. Pure."""

from collections.abc import Iterator

from msgspec.structs import replace

from ..kinds import EventKind
from ..timeline.events.fleet import FleetStops, WorkerLost
from ..timeline.fleet.merge import one_after_another
from ..timeline.fleet.reading import LOCAL, Reading
from ..timeline.fleet.steps import FleetStep, StepKind
from ..timeline.timeline import Timeline
from .bounds import over_memory, server_ended_at, suffering_at
from .capacity import after_hold, capacity
from .costs import SeenSteps, both_ends, dearest
from .limits import held_against
from .own_lag import unjudged
from .result import FleetResult, Wall
from .stalled import none_open, unstalled


def judge(timeline: Timeline) -> FleetResult | None:
    """What a fleet has come to, live or recorded; None where it was over before its baseline was."""
    asked = timeline.header.fleet if timeline.header is not None else None
    series = timeline.fleet
    baselines = series.of(StepKind.BASELINE)
    if timeline.header is None or asked is None or not baselines:
        return None
    baseline = baselines[0]
    limit = asked.memory_bytes
    before, *steps = [_judged(baseline, one, limit) for one in (baseline, *series.of(StepKind.STEP))]
    held = [_judged(baseline, one, limit) for one in series.of(StepKind.HELD)]
    woken = [_judged(baseline, one, limit) for one in series.of(StepKind.WOKEN)]
    seen = SeenSteps(baseline, steps, held)
    memory, tcp_memory, kernel = seen.memory(), seen.tcp_memory(), seen.kernel()
    # other programs' sockets move the machine's count, up and down: the fleet's own take what they take
    pinned = dearest(tcp_memory, both_ends(kernel))
    stops = timeline.first.get(EventKind.FLEET_STOPS)
    stop = stops.what if stops is not None and isinstance(stops.what, FleetStops) else None
    last = (steps or baselines)[-1].tally if series.now is None else series.now.tally
    why_unstalled = unstalled(asked.mix, baseline, [*steps, *held])
    why_none_open = none_open([*steps, *held])
    ended = [one for one in woken if one.server_ended or one.over_memory]
    found = capacity(
        [before, *steps, *held, *ended],
        memory.each,
        pinned.each,
        Wall(stop.wall) if stop else Wall.NONE,
        why_none_open or why_unstalled,
    )
    result = FleetResult(
        stallsim=timeline.header.stallsim,
        url=asked.url,
        server=asked.server,
        mix=asked.mix,
        sizes=asked.sizes,
        baseline=baseline.witnessed,
        steps=tuple(steps),
        held=held[0] if held else None,
        memory=memory.grown,
        memory_held=memory.held,
        kernel=kernel,
        tcp_memory=tcp_memory.grown,
        tcp_memory_held=tcp_memory.held,
        capacity=after_hold(found, memory, pinned),
        waking=woken[0] if woken else None,
        reached=_reached(timeline),
        completed_per_s=round(last.handshakes / last.opening_s, 1) if last.opening_s else 0.0,
        missing=sum(one.clients for one in _lost(timeline) if not one.reopened),
        memory_limit_bytes=limit,
        memory_unread=asked.memory_unread,
        none_open=why_none_open,
        unstalled=why_unstalled,
        server_ended=next(
            (one.server_ended for one in (before, *steps, *held, *woken) if one.server_ended), ""
        ),
        stopped=stop.reason if stop else "",
        interrupted=timeline.interrupted,
        private_stack=timeline.header.private_stack,
    )
    return replace(result, limits=tuple(held_against(asked.limits, result)))


def _reached(timeline: Timeline) -> Reading | None:
    """What an interrupted fleet had come to since its last step, which alone is judged."""
    series, now = timeline.fleet, timeline.fleet.now
    since = series.steps[-1].tick
    if not timeline.interrupted or now is None or now.tick <= since:
        return None
    own = (one.witnessed for one in series.readings.get(LOCAL, ()) if one.tick > since)
    seen = [one for one in own if one is not None]
    return replace(now, witnessed=one_after_another(seen) if seen else None)


def _lost(timeline: Timeline) -> Iterator[WorkerLost]:
    whats = (getattr(one, "what", None) for one in timeline.happenings)
    return (what for what in whats if isinstance(what, WorkerLost))


def _judged(baseline: FleetStep, step: FleetStep, limit_bytes: int | None) -> FleetStep:
    worse = suffering_at(baseline, step)
    return replace(
        step,
        suffering=worse,
        unjudged="" if worse else unjudged(baseline.witnessed, step.witnessed),
        server_ended=server_ended_at(baseline, step),
        over_memory=over_memory(limit_bytes, step.rss_most_bytes or step.rss_bytes),
    )
