"""Metrics of runs, probes and fleets: their names, and a dashboard that uses no other metric."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from msgspec.structs import replace
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from stallsim.kinds import EventKind, ParkedEnding, Phase
from stallsim.metrics.endpoint import MetricsServer
from stallsim.metrics.exposition import registry_of
from stallsim.metrics.family import MetricFamily
from stallsim.timeline.events.fleet import ClientsEnded
from stallsim.timeline.fleet.looks import ChargedEnds, KernelMemory
from stallsim.timeline.fleet.steps import StepKind, Stepped
from stallsim.timeline.outside import Look, ProbeLook, ServerMemory
from stallsim.timeline.records import Event, PhaseEvent
from stallsim.timeline.timeline import Timeline
from stallsim.views.fleet.metrics import FleetFigures
from stallsim.views.metrics import TimelineFigures
from stallsim.watching.figures import figures_of

from .builders import event, sample, timeline
from .fleets import reading, records, step
from .reports import HOSTILE, stalled_run
from .snapshots import story

DASHBOARD = Path(__file__).parents[2] / "docs" / "grafana" / "stallsim.json"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"
NOT_DRAWN = {
    "stallsim_fleet_look_seconds",
    "stallsim_fleet_readings_total",
    "stallsim_scenario_time_seconds",
    "stallsim_watch_look_seconds",
    "stallsim_watch_looks_total",
}
"""What stallsim does itself: an alert may ask for it, and it says nothing of a server."""


def parsed(families: Callable[[], Iterable[MetricFamily]]) -> dict[str, Metric]:
    return read(generate_latest(registry_of(families)).decode())  # type: ignore[no-untyped-call]


def read(text: str) -> dict[str, Metric]:
    """By prometheus-client's own parser, which refuses what OpenMetrics does not allow."""
    return {one.name: one for one in text_string_to_metric_families(text)}  # type: ignore[no-untyped-call]


def fleet_figures() -> FleetFigures:
    figures = FleetFigures()
    ended = Event(tick=200, what=ClientsEnded(clients=2, how=ParkedEnding.FIN))
    for record in [*records(), ended, reading(200, "near", 700, 3_000)]:
        figures(record)
    return figures


def run_figures(source: Timeline) -> TimelineFigures:
    figures = TimelineFigures()
    for record in source.records():
        figures(record)
    for series in source.samples:
        for one in series:
            figures(one)
    return figures


def values(metric: Metric, suffix: str = "") -> dict[str, float]:
    return {
        ",".join(one.labels.values()): one.value
        for one in metric.samples
        if one.name == metric.name + suffix
    }


def test_the_metrics_of_a_fleet_have_labels_of_state_and_never_of_a_client() -> None:
    found = parsed(fleet_figures().families)
    clients = values(found["stallsim_fleet_clients"])
    assert clients == {"waiting": 0, "connecting": 0, "parked": 3700, "awake": 0}
    assert values(found["stallsim_fleet_stalled_clients"]) == {"": 1850}
    ends = {"close": 0, "fin": 2, "rst": 0, "fin-tls": 0, "rst-tls": 0, "fin-wait-1": 0}
    assert values(found["stallsim_fleet_ends"], "_total") == ends
    assert values(found["stallsim_fleet_refusals"], "_total") == {"answered 503": 2}
    assert values(found["stallsim_fleet_phase"]) == {"baseline": 0, "growing": 0, "held": 1, "woken": 0}
    peers = {"near:0", "far:0", "127.0.0.1"}
    labels = {value for one in found.values() for each in one.samples for value in each.labels.values()}
    assert not labels & peers
    assert all(len(one.samples) < 60 for one in found.values())


def test_queues_are_a_histogram_of_the_moment_and_waits_one_that_counts_up() -> None:
    found = parsed(fleet_figures().families)
    queues, waits = found["stallsim_fleet_send_queue_bytes"], found["stallsim_fleet_witness_ping_seconds"]
    assert (queues.type, queues.unit) == ("gaugehistogram", "bytes")
    assert (waits.type, waits.unit) == ("histogram", "seconds")
    buckets = values(queues, "_bucket")
    assert (buckets["1024.0"], buckets["4096.0"], buckets["16384.0"], buckets["+Inf"]) == (
        0,
        700,
        3700,
        3700,
    )
    assert values(queues, "_gsum") == {"": 700 * 3_000 + 3000 * 5_000}
    assert values(waits, "_count") == {"": 15 * 4}
    assert values(waits, "_sum")[""] == pytest.approx(15e-6 * (4 * 1000 + 1000 + 2000 + 3000 + 700))


def test_before_the_first_reading_a_fleet_has_no_figures() -> None:
    assert parsed(FleetFigures().families) == {}


def test_the_metrics_of_a_run_have_labels_of_phase_and_place() -> None:
    found = parsed(run_figures(stalled_run()).families)
    last = stalled_run().samples[0][-1]
    queued = values(found["stallsim_queued_bytes"])
    assert queued["application"] == last.queue_bytes
    assert queued["send"] == last.outq_bytes
    assert values(found["stallsim_longest_queue_bytes"])["application"] == last.queue_bytes
    phases = values(found["stallsim_connections"])
    assert sum(phases.values()) == 1
    assert set(phases) == {one.value for one in Phase} - {"closed", "reset", "timed-out"}
    assert values(found["stallsim_events"], "_total")["stops-reading"] == 1


def test_a_connection_is_stalled_until_it_drains_and_followed_until_it_has_ended() -> None:
    figures = run_figures(timeline([sample(1), sample(2)]))

    def begin(phase: Phase) -> None:
        figures(PhaseEvent(tick=3, phase=phase, sample=sample(3)))

    begin(Phase.WRITE_BLOCKED)
    figures(event(EventKind.STALLED, 3, evidence="window shut"))
    assert values(parsed(figures.families)["stallsim_stalled_connections"]) == {"": 1}
    begin(Phase.DRAINING)
    assert values(parsed(figures.families)["stallsim_stalled_connections"]) == {"": 0}
    begin(Phase.CLOSED)
    found = parsed(figures.families)
    assert sum(values(found["stallsim_connections"]).values()) == 0
    assert values(found["stallsim_phases"], "_total")["closed"] == 1


def test_a_run_that_is_executed_once_more_begins_at_0() -> None:
    figures = run_figures(stalled_run())
    header = stalled_run().header
    assert header is not None
    figures(header)
    assert sum(values(parsed(figures.families)["stallsim_connections"]).values()) == 0


def test_a_reason_that_a_server_chose_is_a_label_and_nothing_else() -> None:
    figures = FleetFigures()
    one = reading(1, HOSTILE, 5, 10)
    figures(one)
    found = parsed(figures.families)
    assert list(values(found["stallsim_fleet_readings"], "_total").values()) == [1]


def test_it_answers_once_it_serves() -> None:
    figures = fleet_figures()
    server = MetricsServer(figures.families, "127.0.0.1:0")
    try:
        server.serve()
        url = f"http://127.0.0.1:{server.port}/metrics"
        with urlopen(Request(url, headers={"Accept": OPEN_METRICS})) as answer:
            text = answer.read().decode()
        assert text.endswith("# EOF\n")
        assert "# UNIT stallsim_fleet_witness_ping_seconds seconds" in text
        assert "stallsim_fleet_send_queue_bytes" in read(text)
    finally:
        server.close()
    unused = MetricsServer(figures.families, "[::1]:0")
    unused.close()


def test_the_dashboard_uses_every_metric_of_a_server_and_no_other() -> None:
    fleet, probe = fleet_figures(), run_figures(stalled_run())
    near = reading(201, "near", 700, 3_000)
    fleet(replace(near, cpu_s=1.5, tally=replace(near.tally, unanswered={"no answer": 1})))
    charged = KernelMemory(clients=ChargedEnds(sockets=1, charged_bytes=1))
    fleet(Stepped(tick=202, kind=StepKind.STEP, step=replace(step(1), kernel_memory=charged)))
    probe(ServerMemory(tick=1, rss_bytes=1))
    look = Look(
        at_s=1, witness_bytes=1, witness_idle_s=0.1, received_bytes=1, rcvq_bytes=1, outq_bytes=1,
        memory_bytes=1,
    )  # fmt: skip
    probe(ProbeLook(tick=1, step="stall", look=look))
    watches = [lambda seen=seen: figures_of(seen) for seen, _ in story()]
    sources = [fleet.families, probe.families, *watches]
    metrics = [metric for source in sources for metric in parsed(source).values()]
    served = {one.name for metric in metrics for one in metric.samples}
    silent = {metric.name for metric in metrics} - {metric.name for metric in metrics if metric.samples}
    assert not silent, "the test has no value of these"
    board = json.loads(DASHBOARD.read_text())
    asked = {
        name
        for panel in board["panels"]
        for target in panel.get("targets", ())
        for name in re.findall(r"\bstallsim_\w+", target["expr"])
    }
    assert asked - served == set()
    names = [{one.name for one in metric.samples} for metric in metrics if metric.samples]
    assert {min(each) for each in names if not each & asked} == NOT_DRAWN
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
