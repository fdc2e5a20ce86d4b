"""Synthetic timelines, simple enough to check by hand."""

from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from stallsim.kinds import Phase, Stalls
from stallsim.phases import next_phase
from stallsim.profile.scenario import ClientGroup, Scenario
from stallsim.timeline.events.client import StopsReading, Wakes
from stallsim.timeline.events.kernel import Stalled, ZeroWindow
from stallsim.timeline.records import ConnectionInfo, Event, Header, PhaseEvent, RecordingEnd
from stallsim.timeline.sample import Refusal, Sample
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.stall import stall_evidence

FRAME = 6680
RCVBUF, SNDBUF = 131_072, 262_144
_RECEIVES, _SENDS = 120_000, 240_000
"""Payload that the two kernels take before they are full."""


def make_sample(**changes: Any) -> Sample:
    """A sample in which nothing has happened but ``changes``."""
    values: dict[str, Any] = dict.fromkeys(Sample.__struct_fields__, 0)
    values |= {
        "settled": True,
        "open": True,
        "refusal": Refusal.NONE,
        "producer_waits": False,
        "rcv_wnd_bytes": -1,
    }
    values |= {"snd_mss_bytes": 1300, "sndbuf_bytes": SNDBUF, "rcvbuf_bytes": RCVBUF}
    values |= dict.fromkeys(("sealed_bytes", "wire_bytes"), changes.get("accepted_bytes", 0))  # no coder
    return Sample(**(values | changes))


def make_timeline(*groups: ClientGroup, ticks: int, title: str = "A tab falls asleep") -> Timeline:
    """A timeline with a header and its connections; names that begin with "sleep" stall."""
    scenario = Scenario(
        profile="synthetic", title=title, description="", expectation="", ticks=ticks, clients=[*groups]
    )
    timeline = Timeline()
    timeline.append(
        Header(
            version=1, stallsim="0", argv=[], scenario=scenario, kernel="", python="", libraries={},
            sysctl={}, private_stack=False, policy_limits=False, started_unix_s=0.0,
        )
    )  # fmt: skip
    names = [group for group in groups for _ in range(group.count)]
    for number, group in enumerate(names):
        timeline.append(
            ConnectionInfo(
                connection=number, tick=0, client=group.name, kind=group.kind,
                stalls=Stalls.MUST if group.name.startswith("sleep") else Stalls.NEVER,
                sndbuf_bytes_asked=None, sndbuf_bytes_effective=SNDBUF,
                rcvbuf_bytes_asked=None, rcvbuf_bytes_effective=RCVBUF,
                snd_mss_bytes=1300, maxseg_bytes_asked=None, congestion="reno",
            )
        )  # fmt: skip
    return timeline


def sleeping_samples(connection: int, ticks: int, sleep: int, wake: int) -> list[Sample]:
    """A client that reads nothing from ``sleep`` on, and catches up at ``wake``."""
    samples = []
    for tick in range(ticks):
        produced = (tick + 1) * FRAME
        read = sleep * FRAME if sleep <= tick < wake else produced
        unread = produced - read
        rcvq = min(unread, _RECEIVES)
        outq = min(unread - rcvq, _SENDS)
        queue = unread - rcvq - outq
        samples.append(
            make_sample(
                tick=tick, connection=connection, produced_bytes=produced, produced_messages=tick + 1,
                queue_bytes=queue, queue_messages=-(-queue // FRAME), accepted_bytes=produced - queue,
                refusal=Refusal.EAGAIN if queue else Refusal.NONE, outq_bytes=outq, notsent_bytes=outq,
                acked_bytes=produced - queue - outq, snd_wnd_bytes=_RECEIVES - rcvq,
                wmem_queued_bytes=outq * 110 // 100, received_bytes=produced - queue - outq,
                rcvq_bytes=rcvq, rmem_alloc_bytes=rcvq * 109 // 100, read_bytes=read,
                read_messages=read // FRAME,
            )
        )  # fmt: skip
    return samples


def sleeping_tab(ticks: int = 200, sleep: int = 20, wake: int = 150) -> Timeline:
    """A well-behaved reader and a sleeper, with the phases and events that their samples show."""
    timeline = make_timeline(
        ClientGroup(name="reader", kind="well-behaved"),
        ClientGroup(name="sleeper", kind="sleeping-tab"),
        ticks=ticks,
    )
    return perform(timeline, ticks, {1: (sleep, wake)})


def crowd(count: int, ticks: int = 60) -> Timeline:
    """``count`` readers and one sleeper."""
    timeline = make_timeline(
        ClientGroup(name="reader", kind="well-behaved", count=count),
        ClientGroup(name="sleeper", kind="sleeping-tab"),
        ticks=ticks,
    )
    return perform(timeline, ticks, {count: (5, ticks)})


def perform(timeline: Timeline, ticks: int, asleep: dict[int, tuple[int, int]]) -> Timeline:
    """Fill a timeline, tick by tick, as a run does it."""
    series = [
        sleeping_samples(info.connection, ticks, *asleep.get(info.connection, (ticks, ticks)))
        for info in timeline.connections
    ]
    phases: dict[int, Phase] = {}
    stalled: set[int] = set()
    for tick in range(ticks):
        for number, samples in enumerate(series):
            now, before = samples[tick], samples[max(0, tick - 1)]
            timeline.append(now)
            if asleep.get(number, (-1, -1))[0] == tick:
                what = StopsReading(read_bytes=now.read_bytes, held_bytes=now.held_bytes)
                timeline.append(Event(tick=tick, connection=number, what=what))
            if asleep.get(number, (-1, -1))[1] == tick:
                timeline.append(Event(tick=tick, connection=number, what=Wakes()))
            evidence = stall_evidence(before, now) if tick else None
            if evidence and number not in stalled:
                stalled.add(number)
                stalls = Stalled(evidence=evidence)
                timeline.append(Event(tick=tick, connection=number, what=stalls))
            if before.snd_wnd_bytes and not now.snd_wnd_bytes:
                shut = ZeroWindow(notsent_bytes=now.notsent_bytes, rcvq_bytes=now.rcvq_bytes)
                timeline.append(Event(tick=tick, connection=number, what=shut))
            phase = Phase.FLOWING if tick == 0 else next_phase(phases[number], before, now)
            if phase is not None:
                phases[number] = phase
                timeline.append(PhaseEvent(tick=tick, phase=phase, sample=now))
    timeline.append(RecordingEnd(tick=ticks - 1, attempts=1, wall_s=0.1))
    assert all(b.tick >= a.tick for a, b in pairwise(timeline.happenings))
    return timeline


def over_tls(timeline: Timeline, **changes: int) -> Timeline:
    """The same, as if TLS had been between, with these numbers in every sample."""
    made = Timeline()
    for record in timeline.records():
        match record:
            case ConnectionInfo():
                made.append(replace(record, tls="TLSv1.3"))
            case PhaseEvent():
                made.append(replace(record, sample=replace(record.sample, **changes)))
            case _:
                made.append(record)
    for series in timeline.samples:
        for sample in series:
            made.append(replace(sample, **changes))
    return made
