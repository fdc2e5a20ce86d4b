"""Fleets made by hand: readings of two workers, the records of a whole fleet, and its timeline."""

from msgspec.structs import replace

from stallsim.kinds import ParkedEnding
from stallsim.probing.recording.outside_header import outside_header
from stallsim.timeline.events.fleet import FleetGrows, FleetStops
from stallsim.timeline.fleet.asked import FleetAsked, FleetLimits
from stallsim.timeline.fleet.clients import Ends, HeldCount
from stallsim.timeline.fleet.looks import FleetLook, Worst
from stallsim.timeline.fleet.merge import witnessed
from stallsim.timeline.fleet.reading import Reading
from stallsim.timeline.fleet.records import Worker
from stallsim.timeline.fleet.steps import FleetStep, StepKind, Stepped
from stallsim.timeline.fleet.witnessed import Witnessed
from stallsim.timeline.histogram import Histogram
from stallsim.timeline.records import Event, Record, RecordingEnd
from stallsim.timeline.timeline import Timeline


def seen(*waits_us: int, ended: int = 0, bytes_per_s: float = 1000, seconds: float = 1) -> Witnessed:
    return witnessed(
        witnesses=2,
        seconds=seconds,
        bytes_per_s=bytes_per_s,
        waits_us=Histogram.of(waits_us),
        worst_s=max(waits_us, default=0) / 1e6,
        own_lag_s=0.001,
        ended=ended,
    )


def reading(tick: int, worker: str, parked: int, queue: int) -> Reading:
    look = FleetLook(
        connections=parked,
        by_state={"ESTABLISHED": parked},
        stalled=parked // 2,
        outq_bytes=queue * parked,
        queues=Histogram.of([queue] * parked),
        worst=tuple(Worst(peer=f"{worker}:{n}", state="ESTABLISHED", queue_bytes=queue) for n in range(4)),
    )
    tally = HeldCount(
        wanted=parked + 1,
        parked=parked,
        refused={"answered 503": 1},
        ended={ParkedEnding.FIN: Ends(count=1, open_ms=Histogram.of([1000]))},
    )
    return Reading(
        tick=tick,
        worker=worker,
        tally=tally,
        witnessed=seen(*[1000 + parked] * 15),
        look=look,
        rss_bytes=5_000_000 if worker == "near" else None,
        tcp_memory_bytes=parked * 4096,
    )


def step(clients: int, waits_us: int = 1000) -> FleetStep:
    return FleetStep(
        clients=clients,
        tally=HeldCount(wanted=clients, parked=clients, opening_s=1.0),
        witnessed=seen(*[waits_us] * 30),
        look=None,
        rss_bytes=10_000_000 + 700 * clients,
        cpu_share=0.1,
        tcp_memory_bytes=None,
    )


LIMITS = FleetLimits(memory_each=1000, clients_min=3000, fail_on=frozenset({"witnesses"}))


def records(*, ends: bool = True, late_us: int = 400_000, server: str = "node") -> list[Record]:
    asked = FleetAsked(
        url="ws://127.0.0.1:1/",
        server=server,
        clients=3000,
        mix={"stop-reading": 1.0},
        steps=3,
        witnesses=2,
        rate_per_s=5000,
        limits=LIMITS,
    )
    header = outside_header("fleet", asked.url, "", 0.1)
    made: list[Record] = [replace(header, fleet=asked)]
    made.append(
        Worker(tick=0, name="far", host="b", clients=3000, clock_offset_s=-3.5, clock_error_s=0.002)
    )
    made.append(Stepped(tick=20, kind=StepKind.BASELINE, step=step(0)))
    for number, clients in enumerate((1000, 2000, 3000), start=1):
        made.append(Event(tick=30 * number, what=FleetGrows(clients=clients)))
        made.append(reading(30 * number + 10, "far", clients, 5000))
        late = late_us if clients == 3000 else 1100
        made.append(Stepped(tick=30 * number + 20, kind=StepKind.STEP, step=step(clients, late)))
    if late_us > 100_000:
        made.append(Event(tick=120, what=FleetStops(reason="late", wall="witnesses")))
    return [*made, *([RecordingEnd(tick=130, attempts=1, wall_s=13.0)] if ends else [])]


def fleet(*, ends: bool = True, late_us: int = 400_000, server: str = "node") -> Timeline:
    """``late_us``: how long a witness's Pings wait at 3,000 clients; in the baseline, a millisecond."""
    made = Timeline()
    for record in records(ends=ends, late_us=late_us, server=server):
        made.append(record)
    return made
