"""The end, the others and the memory as a report tells them: what was not seen is said, not left out."""

import re
from typing import Any, cast

import jsonschema
import msgspec
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stallsim.probing.client.stream_client import StreamClient
from stallsim.probing.judging.facts import facts_of
from stallsim.probing.judging.judge import judge_stall
from stallsim.probing.observe.observation import Observation
from stallsim.probing.observe.ping_latency import PingLatency
from stallsim.probing.report.ending import end_lines
from stallsim.probing.report.others import memory_lines, others_lines, returned_bytes
from stallsim.probing.report.report import report_of
from stallsim.profile.schema import struct_schema
from stallsim.timeline.probed.measures import Ending, Latency, MemoryAfter, Period, Periods
from stallsim.timeline.probed.outcomes import Finding
from stallsim.timeline.probed.result import ProbeResult, StallReport

from .observations import MB, USUAL_MEMORY, closed, observation, samples
from .source import ROOT

PEAK = USUAL_MEMORY + 12 * MB


def ending(**fields: Any) -> Ending:
    """Decided after 2 s, with 12 MB in memory; the socket stays, the memory too."""
    usual = Ending(
        decided_after_s=2.0,
        sign="state",
        gone_after_s=None,
        left_state="FIN_WAIT1",
        left_bytes=3_900_000,
        grown_bytes=12 * MB,
        freed_after_s=None,
        watched_s=1.0,
    )
    return replace(usual, **fields)


def latency(p50_s: float | None = 0.002, **fields: Any) -> Latency:
    return replace(Latency(pongs=30, p50_s=p50_s, max_s=0.3, own_lag_s=0.001), **fields)


PERIOD = Period(seconds=2, latency=latency())


def told(seen: Observation) -> str:
    facts = facts_of(seen)
    return "\n".join((*end_lines(seen), *others_lines(seen), *memory_lines(seen, facts)))


MEMORY = st.integers(10**6, 10**11)
SIZE = re.compile(r"([\d.]+) (B|kB|MB|GB)")
UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}


@given(st.lists(MEMORY, min_size=2, max_size=9), MEMORY, st.sampled_from(["stop-reading", "vanishing"]))
def test_no_more_is_said_to_be_given_back_than_was_taken(memory: list[int], end: int, stall: str) -> None:
    looks = tuple(replace(samples()[place], memory_bytes=rss) for place, rss in enumerate(memory))
    seen = observation(stall, samples=looks, memory_after=MemoryAfter(end_bytes=end, end_after_s=1.0))
    for line in memory_lines(seen, facts_of(seen)):
        *back, grown = [float(number) * UNITS[unit] for number, unit in SIZE.findall(line)]
        assert "had returned" in line
        assert all(one <= grown for one in back), line


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (observation(end=closed(), ending=ending()), "decided to close 2 s into the stall: its end of the"),
        (
            observation(end=closed(), ending=ending()),
            "still existed 1 s after that: FIN_WAIT1, with 3.9 MB in",
        ),
        (observation(end=closed(), ending=ending()), "1 s after the decision, more than a fifth"),
        (observation(end=closed(), ending=ending()), "observed of the end: close, status code 1008"),
        (observation(end=closed(how="state", code=None), ending=ending()), "nothing until the watch ended"),
        (observation(end=closed(), ending=ending(sign="rst", gone_after_s=2.1)), "was gone 2.1 s into the"),
        (
            observation(end=closed(), ending=ending(freed_after_s=2.2)),
            "grown by 12.0 MB; 2.2 s into the stall, at most a fifth",
        ),
        (observation(end=closed(), ending=ending(left_state=None), visible=False), "could not be seen"),
        (observation(end=closed(None, "rst", None)), "the connection ended by rst"),
    ],
)
def test_each_fact_of_an_end_has_its_sentence(seen: Observation, words: str) -> None:
    assert words in told(seen)


@pytest.mark.parametrize("grown", [None, 1000, -5 * MB])
def test_memory_that_had_not_grown_is_not_missed(grown: int | None) -> None:
    assert "memory" not in told(observation(end=closed(), ending=ending(grown_bytes=grown)))


def test_who_ends_nothing_is_told_nothing_of_an_end() -> None:
    assert list(end_lines(observation())) == []


def periods(**fields: Period | None) -> Observation:
    return observation(periods=Periods(**fields))


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (periods(baseline=PERIOD, stall=Period(seconds=2, latency=latency(0.08))),
         "answered after 2 ms (at most 300 ms) before the stall, 80 ms (at most 300 ms) during it"),
        (periods(wake=Period(seconds=1, latency=latency(None))), "after at most 300 ms after the wake"),
        (periods(stall=Period(seconds=2)), "answered no Ping of the witness"),
        (periods(stall=Period(seconds=2, latency=latency(own_lag_s=0.2))), "up to 200 ms of this"),
        (periods(baseline=Period(seconds=1, cpu_share=0.1), stall=Period(seconds=2, cpu_share=0.98)),
         "the server's use of one CPU was 10% before the stall, 98% during it"),
    ],
)  # fmt: skip
def test_the_others_are_told_against_their_own_baseline(seen: Observation, words: str) -> None:
    assert words in told(seen)


def test_where_the_protocol_has_no_ping_it_is_not_said_that_one_had_no_answer() -> None:
    waits = Periods(stall=Period(seconds=2))
    asked, never = (observation(periods=waits, has_ping=has_ping) for has_ping in (True, False))
    lines = {seen: "\n".join(report_of(seen, judge_stall(seen)).evidence) for seen in (asked, never)}
    assert "answered no Ping of the witness" in lines[asked]
    assert "answered no Ping" not in lines[never]
    assert "the protocol of this stream has no Ping" in lines[never]
    assert "has no Ping" not in lines[asked]


@pytest.mark.parametrize(
    ("before", "during", "said"),
    [(0.1, 0.5, True), (0.1, 0.2, False), (0.9, 1.0, False), (None, 0.9, False), (0.0, 0.3, True)],
)
def test_cpu_is_named_as_the_cause_where_it_rose(before: float | None, during: float, said: bool) -> None:
    seen = observation(
        samples=samples(share=0.4),
        periods=Periods(
            baseline=Period(seconds=1, cpu_share=before), stall=Period(seconds=2, cpu_share=during)
        ),
    )
    judged = judge_stall(seen)
    assert judged.findings == (Finding.STARVES_OTHERS,)
    lines = [line for line in report_of(seen, judged).evidence if "costs the server CPU" in line]
    assert len(lines) == said
    assert all("(inferred)" in line for line in lines)


def test_no_lag_of_our_own_is_told_where_it_explains_nothing() -> None:
    assert "stallsim itself" not in told(periods(stall=PERIOD))


@pytest.mark.parametrize(
    ("end_bytes", "returned"), [(None, None), (PEAK, 0), (PEAK + MB, 0), (PEAK - 9 * MB, 9 * MB)]
)
def test_what_has_come_back_is_the_peak_less_what_is_left(
    end_bytes: int | None, returned: int | None
) -> None:
    seen = observation("vanishing", memory_after=MemoryAfter(end_bytes=end_bytes, end_after_s=1.5))
    assert returned_bytes(seen, facts_of(seen)) == returned
    assert ("1.5 s after the client had gone the server had returned" in told(seen)) is (
        returned is not None
    )


def test_shared_pages_are_spoken_of_where_they_make_a_difference() -> None:
    counted = [
        observation(memory_after=MemoryAfter(pss_growth_bytes=size)) for size in (12 * MB, 4 * MB, None)
    ]
    assert ["PSS" in told(seen) for seen in counted] == [False, True, False]


class Silent:
    """As much of a websocket as a ping_latency needs; it answers the first so many Pings, after a while."""

    ended = None
    on_pong: Any = None

    def __init__(self, nursery: trio.Nursery, answers: int, after_s: float) -> None:
        self.nursery, self.answers, self.after_s = nursery, answers, after_s
        self.payloads: list[bytes] = []

    def ping(self, payload: bytes) -> None:
        self.payloads.append(payload)
        if len(self.payloads) <= self.answers:
            self.nursery.start_soon(self.answer, payload)

    async def answer(self, payload: bytes) -> None:
        await trio.sleep(self.after_s)
        self.on_pong(b"not asked for")
        self.on_pong(payload)


@pytest.mark.parametrize(
    ("answers", "after_s", "sent", "pongs", "p50_s", "max_s"),
    [
        (0, 0.0, 1, None, None, None),
        (1000, 0.01, 20, 20, 0.01, 0.01),
        (1000, 0.42, 3, 2, None, 0.42),
        (4, 0.01, 5, 4, 0.01, 0.79),
    ],
)
async def test_one_ping_waits_at_a_time(
    autojump_clock: trio.testing.MockClock,  # noqa: ARG001 - the test runs under it
    answers: int, after_s: float, sent: int, pongs: int | None, p50_s: float | None, max_s: float | None,
) -> None:  # fmt: skip
    async with trio.open_nursery() as nursery:
        websocket = Silent(nursery, answers, after_s)
        ping_latency = PingLatency(cast(StreamClient, websocket))
        nursery.start_soon(ping_latency.run)
        await trio.sleep(0.99)
        found = ping_latency.latency()
        nursery.cancel_scope.cancel()
    assert len(websocket.payloads) == len(set(websocket.payloads)) == sent
    assert all(len(payload) < 8 for payload in websocket.payloads)
    if pongs is None:
        assert found is None
        return
    assert found is not None
    assert (found.pongs, found.p50_s) == (pongs, p50_s)
    assert found.max_s == pytest.approx(max_s)


def test_the_report_of_an_end_is_valid_json() -> None:
    seen = observation(
        end=closed(), ending=ending(), periods=Periods(stall=Period(seconds=2, latency=latency()))
    )
    report = report_of(seen, judge_stall(seen))
    printed = msgspec.json.decode(msgspec.json.encode(report))
    jsonschema.validate(printed, struct_schema(StallReport), cls=jsonschema.Draft202012Validator)
    assert printed["ending"]["left_state"] == "FIN_WAIT1"
    named = {figure["name"]: figure for figure in printed["figures"]}
    assert named["socket_left_bytes"] == {
        "name": "socket_left_bytes", "value": 3_900_000, "unit": "B", "measured": True
    }  # fmt: skip
    assert named["ping_stall_s_max"]["value"] == 0.3


@pytest.mark.parametrize("struct", [ProbeResult, StallReport, Ending, Period, Periods, Latency])
def test_the_page_on_results_names_every_field(struct: type[msgspec.Struct]) -> None:
    page = (ROOT / "docs" / "results.md").read_text()
    assert [name for name in struct.__struct_fields__ if not re.search(rf"`{name}(\[\])?`", page)] == []


def test_the_page_on_results_names_every_figure() -> None:
    page = (ROOT / "docs" / "results.md").read_text()
    seen = observation()
    names = [figure.name for figure in report_of(seen, judge_stall(seen)).figures]
    assert [name for name in names if f"`{name}`" not in page] == []
