"""Timelines made by hand, as a run would have left them."""

from collections.abc import Iterable, Sequence
from typing import Any

from stallsim.kinds import EventKind, Stalls
from stallsim.profile.expectation import Expectation
from stallsim.profile.scenario import ClientGroup, Scenario, ServerSpec
from stallsim.runner.observer import ConnectionObserver
from stallsim.timeline.records import FORMAT_VERSION, ConnectionInfo, Event, Header, Record, RecordingEnd
from stallsim.timeline.sample import Refusal, Sample
from stallsim.timeline.timeline import Timeline

from .events import carrying

MSS = 1300
COMPLETE = RecordingEnd(tick=9, attempts=1, wall_s=0.1)


def sample(tick: int = 0, **changes: Any) -> Sample:
    """A settled sample of an open, empty connection, but for ``changes``."""
    fields: dict[str, Any] = dict.fromkeys(Sample.__struct_fields__, 0)
    fields |= {
        "tick": tick,
        "settled": True,
        "open": True,
        "refusal": Refusal.NONE,
        "producer_waits": False,
    }
    fields |= {"snd_wnd_bytes": 65536, "snd_mss_bytes": MSS, "sndbuf_bytes": 131072, "rcvbuf_bytes": 131072}
    fields |= {"latency_us": -1, "rcv_wnd_bytes": -1}
    fields |= dict.fromkeys(("sealed_bytes", "wire_bytes"), changes.get("accepted_bytes", 0))  # no coder
    return Sample(**(fields | changes))


def scenario(*expect: Expectation, clients: Sequence[str] = ("one",)) -> Scenario:
    """A pinned scenario with these expectations and client groups."""
    return Scenario(
        profile="by-hand",
        title="Made by hand",
        description="A timeline that no run made.",
        expectation="What the test says.",
        ticks=100,
        server=ServerSpec(sndbuf=65536, congestion="reno"),
        clients=[ClientGroup(name=name, kind="stop-reading") for name in clients],
        expect=list(expect),
    )


def header(of: Scenario | None = None) -> Header:
    return Header(
        version=FORMAT_VERSION,
        stallsim="0",
        argv=["stallsim", "run"],
        scenario=of or scenario(),
        kernel="6.18",
        python="3.11",
        libraries={"trio": "0"},
        sysctl={"net.ipv4.tcp_retries2": "15"},
        private_stack=False,
        policy_limits=False,
        started_unix_s=0.0,
    )


def info(connection: int = 0, client: str = "one", stalls: Stalls = Stalls.NEVER) -> ConnectionInfo:
    return ConnectionInfo(
        connection=connection,
        tick=0,
        client=client,
        kind="stop-reading",
        stalls=stalls,
        sndbuf_bytes_asked=65536,
        sndbuf_bytes_effective=131072,
        rcvbuf_bytes_asked=65536,
        rcvbuf_bytes_effective=131072,
        snd_mss_bytes=MSS,
        maxseg_bytes_asked=1312,
        congestion="reno",
    )


def event(kind: EventKind, tick: int = 1, **detail: int | float | str) -> Event:
    return Event(tick=tick, connection=0, what=carrying(kind, **detail))


def timeline(
    samples: Iterable[Sample] = (),
    *records: Record,
    of: Scenario | None = None,
    stalls: Stalls = Stalls.NEVER,
    end: RecordingEnd | None = COMPLETE,
) -> Timeline:
    """One connection's samples, seen as the runner sees them, then ``records``, then the end."""
    made = Timeline()
    made.append(header(of))
    made.append(info(stalls=stalls))
    observer = ConnectionObserver(made)
    for each in samples:
        observer.see(each)
    for record in (*records, *filter(None, (end,))):
        made.append(record)
    return made
