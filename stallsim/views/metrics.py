"""Turns a run or a probe into metrics for a monitoring system: by place, phase and kind, never by
client.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ..kinds import EventKind, Phase
from ..metrics.family import MetricFamily, MetricKind, by_label, one_value
from ..timeline.outside import ProbeLook, ServerMemory
from ..timeline.records import Event, Header, PhaseEvent, Record
from ..timeline.sample import Sample
from .queue_colours import QUEUES

_PLACES = {
    "held_bytes": "client",
    "rcvq_bytes": "receive",
    "outq_bytes": "send",
    "queue_bytes": "application",
}
_OVER = frozenset({Phase.DRAINING, Phase.RECOVERED, Phase.CLOSED, Phase.RESET, Phase.TIMED_OUT})
"""The phases that end a confirmed stall."""
_GONE = frozenset({Phase.CLOSED, Phase.RESET, Phase.TIMED_OUT})


class TimelineFigures:
    """A timeline's listener that stores what the metrics need; ``families`` is called from another
    thread.
    """

    def __init__(self) -> None:
        self._tick_s, self._tick = 0.0, 0
        self._phases: dict[int, Phase] = {}
        """The phase of each connection that has not ended; ``_samples`` has the same connections."""
        self._samples: dict[int, Sample] = {}
        self._stalled: set[int] = set()
        self._begun: Counter[str] = Counter()
        self._events: Counter[str] = Counter()
        self._rss_bytes: int | None = None
        self._witness_idle_s: float | None = None

    def __call__(self, record: Record) -> None:
        """Add a record; a header starts anew, since a run may be repeated."""
        match record:
            case Header():
                self._clear()
                self._tick_s = record.scenario.tick_s
            case Sample():
                self._tick = record.tick
                if record.connection in self._phases:
                    self._samples[record.connection] = record
            case PhaseEvent():
                self._begin(record)
            case Event():
                self._events[record.kind.value] += 1
                if record.kind is EventKind.STALLED and record.connection is not None:
                    self._stalled.add(record.connection)
            case ServerMemory():
                self._rss_bytes = record.rss_bytes
            case ProbeLook():
                self._witness_idle_s = record.look.witness_idle_s
            case _:
                pass

    def families(self) -> Iterable[MetricFamily]:
        """The metrics. Every phase has a value, 0 if no connection is in it, since an alert needs the
        series.
        """
        phases, samples = Counter(self._phases.copy().values()), list(self._samples.copy().values())
        yield MetricFamily(
            "connections",
            "Open connections whose queues are sampled, by phase.",
            ("phase",),
            values=by_label({phase.value: phases[phase] for phase in Phase if phase not in _GONE}),
        )
        words = "Connections that are stalled now, confirmed by the kernel."
        yield MetricFamily("stalled_connections", words, values=one_value(len(self._stalled)))
        for name, words, take in (
            ("queued_bytes", "Bytes that wait, the sum over all connections", sum),
            ("longest_queue_bytes", "Bytes that wait, in the connection with the most of them", max),
        ):
            values = {_PLACES[one.field]: _of(samples, one.field, take) for one in QUEUES}
            help_ = f"{words}, by place; if a server is observed from outside, application is inferred."
            yield MetricFamily(name, help_, ("place",), values=by_label(values))
        yield _counter("phases", "How often each phase has begun.", "phase", self._begun)
        yield _counter("events", "How often each kind of event has happened.", "kind", self._events)
        words, at_s = "The scenario time that has passed.", self._tick * self._tick_s
        yield MetricFamily("scenario_time_seconds", words, values=one_value(at_s))
        if self._rss_bytes is not None:
            words = "Resident memory of the processes of the probed server."
            yield MetricFamily("server_resident_memory_bytes", words, values=one_value(self._rss_bytes))
        if self._witness_idle_s is not None:
            words = "Time since the witness beside the stalled client last received anything."
            yield MetricFamily("witness_idle_seconds", words, values=one_value(self._witness_idle_s))

    def _clear(self) -> None:
        for kept in (self._phases, self._samples, self._stalled, self._begun, self._events):
            kept.clear()
        self._rss_bytes = self._witness_idle_s = None

    def _begin(self, event: PhaseEvent) -> None:
        self._tick = event.tick
        self._begun[event.phase.value] += 1
        if event.phase in _OVER:
            self._stalled.discard(event.connection)
        if event.phase in _GONE:
            self._phases.pop(event.connection, None)
            self._samples.pop(event.connection, None)
        else:
            self._phases[event.connection] = event.phase
            self._samples[event.connection] = event.sample


def _of(samples: Sequence[Sample], field: str, take: Callable[[list[int]], int]) -> int:
    return take([0, *(getattr(one, field) for one in samples)])


def _counter(name: str, words: str, label: str, counts: Counter[str]) -> MetricFamily:
    return MetricFamily(name, words, (label,), MetricKind.COUNTER, by_label(counts.copy()))
