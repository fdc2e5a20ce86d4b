"""In every profile every byte is counted in one place, and no count decreases."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stallsim.content import Content
from stallsim.kernel import black_hole
from stallsim.kinds import Phase
from stallsim.profile.habits import WriteMode
from stallsim.profile.load import Loaded, Origin
from stallsim.profile.scenario import ClientGroup, Scenario, ServerSpec, Stream
from stallsim.runner.execute import Execution
from stallsim.timeline.sample import Sample
from stallsim.timeline.timeline import Timeline
from stallsim.verdict.verdict import judge_run

from .nobody import forked

pytestmark = [pytest.mark.loopback, pytest.mark.slow]
NEVER_BACK = (
    "produced_bytes",
    "produced_messages",
    "control_bytes",
    "dropped_bytes",
    "dropped_messages",
    "discarded_bytes",
    "sealed_bytes",
    "wire_bytes",
    "cut_bytes",
    "accepted_bytes",
    "acked_bytes",
    "received_bytes",
    "read_bytes",
    "read_messages",
    "retrans_segments",
    "rwnd_limited_us",
)
ENDINGS = {Phase.CLOSED, Phase.RESET, Phase.TIMED_OUT}
FRAMES = st.one_of(
    st.integers(2000, 20_000), st.integers(130, 65_539), st.integers(65_546, 100_000), st.integers(18, 127)
)
MAXSEGS = st.sampled_from([1312, 588, 88, 16_396])
TICKS = st.integers(0, 40)
BUFFERS = st.one_of(st.none(), st.integers(1, 300_000))


@st.composite
def clients(draw: st.DrawFn, number: int) -> ClientGroup:
    kinds = ["well-behaved", "stop-reading", "zero-window", "sleeping-tab", "no-pong", "no-close-reply"]
    kinds += ["slow-reader", "weak-network", "flapping", "vanishing", "half-closed"]
    kind = draw(st.sampled_from(kinds + ["half-open"] * black_hole.permitted()))
    options: dict[str, Any] = {"maxseg": draw(MAXSEGS)}
    options |= {"rcvbuf": size} if (size := draw(BUFFERS)) else {}
    options |= {"deflate": draw(st.booleans())} if kind != "well-behaved" else {}
    match kind:
        case "stop-reading" | "zero-window":
            options["stop-tick"] = stop = draw(TICKS)
            options |= {"resume-tick": stop + draw(TICKS)} if draw(st.booleans()) else {}
        case "slow-reader":
            options["slow-tick"] = draw(TICKS)
            options["rate"] = draw(st.sampled_from(["5B/s", "100kB/s", "1MB/s"]))
        case "weak-network":
            options["pause-ticks"] = 1 + draw(TICKS)
        case "flapping":
            options |= {"awake-ticks": 1 + draw(TICKS), "sleep-ticks": 1 + draw(TICKS)}
            options["asleep"] = draw(st.sampled_from(["tab", "process"]))
        case "vanishing":
            options["end-tick"] = draw(TICKS)
            options["ending"] = draw(st.sampled_from(["closed-tab", "killed-browser", "exited-process"]))
            options |= {"sleep-tick": draw(TICKS)} if draw(st.booleans()) else {}
        case "half-closed":
            options["finish-tick"] = draw(TICKS)
        case "half-open":
            options["vanish-tick"] = draw(TICKS)
        case "sleeping-tab":
            options["sleep-tick"] = sleep = draw(TICKS)
            options["asleep"] = draw(st.sampled_from(["tab", "script", "process"]))
            options["wake"] = draw(st.sampled_from(["drain", "close-1001"]))
            options["drain-rate"] = draw(st.sampled_from(["100kB/s", "1MB/s", "100MB/s"]))
            options |= {"wake-tick": sleep + draw(TICKS)} if draw(st.booleans()) else {}
    return ClientGroup(kind=kind, name=f"client-{number}", options=options)


@st.composite
def servers(draw: st.DrawFn) -> ServerSpec:
    limits = st.sampled_from([1, 5000, 70_000, 300_000])
    options = {
        "unbounded": {"granularity": draw(st.sampled_from([1, 2048]))},
        "backpressure": {"high-water": draw(limits)},
        "disconnect": {"limit-bytes": draw(limits)}
        | ({"limit-messages": draw(st.integers(1, 20))} if draw(st.booleans()) else {}),
    }
    return ServerSpec(
        policy=draw(st.sampled_from(sorted(options))),
        write=draw(st.sampled_from(WriteMode)),
        sndbuf=draw(BUFFERS),
        guards=draw(st.sampled_from([{}, {"notsent-lowat": {"limit": 1}}, {"notsent-lowat": {}}])),
        congestion="reno",
        tls=draw(st.booleans()),
        deflate=draw(st.booleans()),
        ping_interval=draw(st.sampled_from([None, 0.1, 0.03])),
        options=options,
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    return Scenario(
        profile="drawn",
        title="Drawn by Hypothesis",
        description="",
        expectation="",
        ticks=draw(st.integers(40, 60)),
        stream=Stream(frame=draw(FRAMES), content=draw(st.sampled_from(Content))),
        server=draw(servers()),
        clients=[draw(clients(number)) for number in range(draw(st.integers(1, 2)))],
    )


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(scenario=scenarios())
def test_every_byte_is_somewhere(scenario: Scenario) -> None:
    """In a private stack, where no acknowledgement is delayed by 40 ms."""

    def work() -> str:
        execution = Execution(Loaded(scenario, Origin("drawn", {})))
        execution.prepare()
        timeline = execution.execute(attempts_max=1)
        for series in timeline.samples:
            assert series[0].settled
            for sample in series:
                if sample.settled:
                    assert sample.unaccounted_bytes == 0
                    assert 0 <= sample.pending_bytes <= sample.queue_bytes
                    acknowledged = sample.acked_bytes + sample.outq_bytes == sample.accepted_bytes
                    assert acknowledged or has_ended(timeline, sample)
            for before, now in pairwise(series):
                assert now.tick >= before.tick
                assert went_back(before, now) == []
        assert not any("internal error" in reason for reason in judge_run(timeline).reasons)
        return "every byte"

    assert forked(work) == "every byte"


def has_ended(timeline: Timeline, sample: Sample) -> bool:
    """Whether the sample was made after the end, when the server's kernel is asked no more."""
    endings = (event for event in timeline.phases(sample.connection) if event.phase in ENDINGS)
    return any(event.sample is sample for event in endings)


def went_back(before: Sample, now: Sample) -> list[str]:
    return [name for name in NEVER_BACK if getattr(now, name) < getattr(before, name)]
