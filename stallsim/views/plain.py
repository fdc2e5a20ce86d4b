"""Writes one line for each happening, for pipes, logs and dumb terminals: ``key=value``, stable, grep-able.

The keys of a line and their order are stable: new keys are only added at the end, and a key without a value
is left out. The closing lines follow; the terminal shows them, too, after the dashboard.
"""

from collections import deque
from collections.abc import Iterator
from enum import Enum
from typing import IO

from msgspec.structs import asdict

from ..profile.scenario import Scenario
from ..timeline.fleet.steps import Stepped
from ..timeline.ledger import make_ledger
from ..timeline.records import ConnectionInfo, Event, Happening, Header, PhaseEvent, Record
from ..timeline.sample import Sample
from ..timeline.tally import ENDED
from ..timeline.timeline import Timeline
from ..verdict.lateness import describe_lateness
from ..verdict.verdict import Verdict, VerdictKind
from .clean import clean, encodable, quoted
from .fleet.lines import fleet_fields
from .outside import plain_field

_REASONS_MAX = 8
_ENDED_MAX = 2_000
_NUMBERS = (
    ("read", "read_bytes"),
    ("held", "held_bytes"),
    ("rcvq", "rcvq_bytes"),
    ("window", "snd_wnd_bytes"),
    ("outq", "outq_bytes"),
    ("notsent", "notsent_bytes"),
    ("queue", "queue_bytes"),
    ("queue_messages", "queue_messages"),
    ("dropped", "dropped_bytes"),
)
"""The key in a line and the sample's field; all values are bytes, except the messages."""


class PlainWriter:
    """A timeline's listener that writes and flushes a line for each happening.

    Raises the stream's errors (BrokenPipeError if the reader has closed it).
    """

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._tick_s = 0.0
        self._clients: dict[int, ConnectionInfo] = {}
        self._ended: deque[int] = deque()

    def __call__(self, record: Record) -> None:
        """Write the record's line, if it has one; samples have none."""
        match record:
            case Header():
                self._tick_s = record.scenario.tick_s
                self._line(_outside_fields(record) or _run_fields(record.scenario))
            case ConnectionInfo():
                self._clients[record.connection] = record
            case Stepped():
                self._line(self._when(record.tick) | fleet_fields(record))
            case PhaseEvent():
                info = self._clients.get(record.connection)
                fields = {"phase": record.phase.value, **_sample_fields(record.sample, info)}
                if info and info.coded:
                    fields["pending"] = record.sample.pending_bytes
                if record.sample.late_us > self._tick_s * 1e6:
                    fields["late"] = f"{record.sample.late_us / 1e6:.3f}s"
                self._line(self._place(record) | fields)
                if record.phase in ENDED:
                    self._forget(record.connection)
            case Event():
                plain = {k: v.value if isinstance(v, Enum) else v for k, v in asdict(record.what).items()}
                carried = {k: v for k, v in plain.items() if v is not None}
                self._line(self._place(record) | {"event": record.kind.value} | carried)

    def _forget(self, ended: int) -> None:
        """Forget the names of all but the latest _ENDED_MAX ended connections, to bound the memory."""
        self._ended.append(ended)
        if len(self._ended) > _ENDED_MAX:
            self._clients.pop(self._ended.popleft(), None)

    def _place(self, happening: Happening) -> dict[str, int | float | str]:
        """The tick, time and client with which every line begins."""
        place = self._when(happening.tick)
        if happening.connection is not None:
            place["connection"] = happening.connection
            info = self._clients.get(happening.connection)
            place["client"] = info.client if info else "?"
        return place

    def _when(self, tick: int) -> dict[str, int | float | str]:
        return {"tick": tick, "t": f"{tick * self._tick_s:.3f}s"}

    def _line(self, fields: dict[str, int | float | str]) -> None:
        line = " ".join(f"{quoted(key)}={quoted(value)}" for key, value in fields.items() if value != "")
        encoding = getattr(self._out, "encoding", None)
        self._out.write(encodable(line, encoding) + "\n")
        self._out.flush()


def write_plain(timeline: Timeline, out: IO[str]) -> None:
    """Write the lines of a whole timeline, as ``PlainWriter`` would have done live."""
    writer = PlainWriter(out)
    for record in timeline.records():
        writer(record)


def verdict_lines(timeline: Timeline, verdict: Verdict) -> list[str]:
    """The closing lines: outcome, memory, digest, and the number of attempts if the run was repeated."""
    return [encodable(clean(line), "ascii") for line in _verdict_lines(timeline, verdict)]


def _verdict_lines(timeline: Timeline, verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.outcome.name}  {verdict.reasons[0] if verdict.reasons else ''}"
    for reason in verdict.reasons[1:_REASONS_MAX]:
        yield f"      {reason}"
    if len(verdict.reasons) > _REASONS_MAX:
        yield f"      and {len(verdict.reasons) - _REASONS_MAX} more"
    yield f"memory    {verdict.memory}"
    if verdict.outcome is not VerdictKind.FAIL and (late := describe_lateness(timeline)):
        yield f"late      {late}"
    ledger = make_ledger(timeline)
    if ledger.entries_left_out:
        yield f"ledger    {ledger.entries_left_out:,} older entries are in the digest and not listed"
    if ledger.pinned:
        yield f"digest    {ledger.digest} (pinned, on {', '.join(ledger.conditions)})"
    else:
        yield f"digest    {ledger.digest} (not pinned: {', '.join(ledger.not_pinned)})"
    if timeline.header is not None and (why := timeline.header.no_private_stack):
        yield f"stack     the machine's own, since no private one can be had: {why}"
    if timeline.happenings_left_out:
        gone = timeline.connections.opened - len(timeline.connections)
        yield (
            f"left out  {timeline.happenings_left_out:,} older events and {gone:,} connections that ended "
            "long ago are no longer in memory; a recording has all of them"
        )
    header = timeline.header
    if header is not None and header.record_every > 1:
        yield f"thinned   one of {header.record_every} ticks was recorded, and the peaks of each queue"
    if header is not None and header.part:
        yield f"part      {header.part} parts came before this one; the events in them are missing here"
    if timeline.end is not None and timeline.end.attempts > 1:
        yield f"attempts  {timeline.end.attempts}: {timeline.end.why_again}"
    if verdict.defended:
        yield f"defended: {verdict.defended}"


def _run_fields(scenario: Scenario) -> dict[str, int | float | str]:
    server = scenario.server
    fields: dict[str, int | float | str] = {
        "run": scenario.profile,
        "pace": scenario.pace.value,
        "ticks": scenario.ticks,
        "interval": f"{scenario.tick_s:g}s",
        "connections": scenario.connections,
        "policy": server.policy,
    }
    return fields | {key: "on" for key in ("tls", "deflate") if getattr(server, key)}


def _outside_fields(header: Header) -> dict[str, int | float | str]:
    probe, watch, fleet = header.probe, header.watch, header.fleet
    if fleet is not None:
        mix = ",".join(f"{name}={share:g}" for name, share in fleet.mix.items())
        return {"fleet": fleet.url, "server": fleet.server, "clients": fleet.clients, "mix": mix}
    if watch is not None:
        return {"watch": watch.target, "source": watch.source, "interval": f"{watch.interval_s:g}s"}
    if probe is None:
        return {}
    interval = f"{header.scenario.tick_s:g}s"
    return {"probe": probe.url, "stalls": ",".join(probe.stalls), "interval": interval}


def _sample_fields(sample: Sample, info: ConnectionInfo | None) -> dict[str, int | float | str]:
    return {key: plain_field(info, sample, field) for key, field in _NUMBERS}
