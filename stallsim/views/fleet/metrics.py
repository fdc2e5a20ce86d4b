"""A fleet as figures for a monitoring system: by state and worker, never by client."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ...kinds import ParkedEnding
from ...metrics.family import Buckets, MetricFamily, MetricKind, by_label, one_value
from ...timeline.events.fleet import ClientsEnded, FleetGrows, FleetWakes
from ...timeline.fleet.looks import FleetLook, KernelMemory
from ...timeline.fleet.merge import together
from ...timeline.fleet.reading import Reading
from ...timeline.fleet.steps import StepKind, Stepped
from ...timeline.histogram import Histogram, added
from ...timeline.records import Event, Header, Record

_QUEUE_POWERS = range(8, 31, 2)
"""Bounds of the send queues: 256 B to 1 GiB."""
_WAIT_POWERS = range(7, 25)
"""Bounds of the waits: 128 us to 17 s."""
_PHASES = ("baseline", "growing", "held", "woken")


class FleetFigures:
    """A timeline's listener that stores what the metrics need. Another thread calls ``families``."""

    def __init__(self) -> None:
        self._latest: dict[str, Reading] = {}
        self._waits = Histogram()
        self._witness_bytes = 0
        self._cpu_s = 0.0
        self._readings: Counter[str] = Counter()
        self._ends: Counter[ParkedEnding] = Counter()
        self._kernel_memory: KernelMemory | None = None
        self._phase, self._clients = _PHASES[0], 0

    def __call__(self, record: Record) -> None:
        """Add the next record of the timeline."""
        match record:
            case Reading():
                self._latest[record.worker] = record
                self._readings[record.worker] += 1
                if record.witnessed is not None:
                    seen = record.witnessed
                    self._waits = added([self._waits, seen.waits_us])
                    self._witness_bytes += seen.given_bytes
                self._cpu_s = max(self._cpu_s, record.cpu_s or 0.0)
            case Header(fleet=asked) if asked is not None:
                self._clients = asked.clients
            case Event(what=FleetGrows()):
                self._phase = "growing"
            case Event(what=ClientsEnded(clients=clients, how=how)):
                self._ends[how] += clients
            case Event(what=FleetWakes()):
                self._phase = "woken"
            case Stepped(kind=kind, step=step):
                self._kernel_memory = step.kernel_memory
                if kind is StepKind.STEP and step.clients >= self._clients:
                    self._phase = "held"
            case _:
                pass

    def families(self) -> Iterable[MetricFamily]:
        """The families of metrics; there are none before the first reading."""
        latest = list(self._latest.values())
        if not latest:
            return
        now = together(latest)
        yield from _clients(now, self._ends)
        if now.look is not None:
            yield from _looked(now.look)
        yield MetricFamily(
            "fleet_witness_ping_seconds",
            "The times from a witness's Ping to its Pong.",
            kind=MetricKind.HISTOGRAM,
            values=one_value(_buckets(self._waits, _WAIT_POWERS, 1e-6)),
        )
        words = "Bytes of messages that all witnesses together received."
        given = one_value(self._witness_bytes)
        yield MetricFamily("fleet_witness_received_bytes", words, kind=MetricKind.COUNTER, values=given)
        yield from _memory(now, self._cpu_s)
        if self._kernel_memory is not None:
            yield _kernel_memory(self._kernel_memory)
        yield MetricFamily(
            "fleet_phase",
            "1 for the phase that the fleet is in, 0 for the others.",
            ("phase",),
            values=by_label({one: float(one == self._phase) for one in _PHASES}),
        )
        yield MetricFamily(
            "fleet_readings",
            "Readings of each worker; the name of this program itself is empty.",
            ("worker",),
            MetricKind.COUNTER,
            by_label(dict(self._readings)),
        )


def _clients(now: Reading, ends: Counter[ParkedEnding]) -> Iterator[MetricFamily]:
    tally = now.tally
    begun = tally.connecting + tally.parked + tally.ended_count + tally.unopened_count
    states = {
        "waiting": max(0, tally.wanted - begun),
        "connecting": tally.connecting,
        "parked": max(0, now.open - tally.awake),
        "awake": tally.awake,
    }  # fmt: skip
    yield MetricFamily(
        "fleet_clients",
        "Clients that were ordered and have not ended, by state; each is in one state.",
        ("state",),
        values=by_label(states),
    )
    refused = by_label(tally.refused)
    words = "Clients that the server or this machine refused, by the reason."
    yield MetricFamily("fleet_refusals", words, ("reason",), MetricKind.COUNTER, refused)
    unanswered = by_label(tally.unanswered)
    words = "Clients that were not answered in time, by what they received."
    yield MetricFamily("fleet_unanswered", words, ("given",), MetricKind.COUNTER, unanswered)
    words = "Open clients that the server has ended, by the first sign of the end."
    values = by_label({how.value: ends[how] for how in ParkedEnding})
    yield MetricFamily("fleet_ends", words, ("how",), MetricKind.COUNTER, values)
    memory = one_value(float(tally.memory_bytes))
    words = "Memory of the processes that hold the clients, with their part of shared pages (Pss)."
    yield MetricFamily("fleet_holders_memory_bytes", words, values=memory)


def _looked(look: FleetLook) -> Iterator[MetricFamily]:
    yield MetricFamily(
        "fleet_stalled_clients",
        "Connections that are stalled now, confirmed by the kernel.",
        values=one_value(float(look.stalled)),
    )
    states = by_label(look.by_state)
    words = "Connections of the server's port, by TCP state."
    yield MetricFamily("fleet_connections", words, ("tcp_state",), values=states)
    yield MetricFamily(
        "fleet_send_queue_bytes",
        "The present lengths of the send queues at the server's ends.",
        kind=MetricKind.GAUGE_HISTOGRAM,
        values=one_value(_buckets(look.queues, _QUEUE_POWERS, 1)),
    )
    words = "How long the latest look at all connections took."
    yield MetricFamily("fleet_look_seconds", words, values=one_value(look.took_s))


def _memory(now: Reading, cpu_s: float) -> Iterator[MetricFamily]:
    if now.rss_bytes is not None:
        rss = one_value(float(now.rss_bytes))
        yield MetricFamily(
            "fleet_server_resident_memory_bytes", "Resident memory of the server's processes.", values=rss
        )
    if now.cpu_s is not None:
        words, used = "CPU time of the server's processes.", one_value(cpu_s)
        yield MetricFamily("fleet_server_cpu_seconds", words, kind=MetricKind.COUNTER, values=used)
    if now.tcp_memory_bytes is not None:
        words, used = "Memory of all TCP sockets of the machine.", one_value(float(now.tcp_memory_bytes))
        yield MetricFamily("fleet_tcp_memory_bytes", words, values=used)


def _kernel_memory(memory: KernelMemory) -> MetricFamily:
    ends = {"clients": memory.clients.charged_bytes}
    if memory.server is not None:
        ends["server"] = memory.server.charged_bytes
    words = "Memory that the kernel had charged to each end of the connections at the latest size."
    return MetricFamily("fleet_kernel_memory_bytes", words, ("end",), values=by_label(ends))


def _buckets(histogram: Histogram, powers: range, unit: float) -> Buckets:
    """Counts of the values below each bound. A value that equals a bound counts in the next bucket."""
    bounds = [1 << power for power in powers]
    upto = [(bound * unit, histogram.below(bound)) for bound in bounds]
    return Buckets(upto=tuple(upto), total=histogram.total, values_sum=histogram.values_sum * unit)
