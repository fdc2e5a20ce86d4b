"""The end of a long recording: what a timeline has kept of it, so that it opens at once.

A recording of 10,000,000 samples takes a minute to read, of which a timeline keeps the 100,000 that show
the same picture, and exact figures of the rest. After the last record these are written once more, in one
line, and where that line begins in another. Who reads every record (``read_records``) stops before them.
"""

import re
from io import SEEK_END
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..errors import RecordingError
from ..kinds import Phase
from .border import Border
from .entry import RunningDigest, make_entry
from .records import ConnectionInfo, Event, Header, PhaseEvent, Record, RecordingEnd, Resources
from .sample import Sample
from .tally import Tally
from .timeline import Timeline
from .usage import Usage

BEGINS = b'{"type":"overview"'
_WHERE = re.compile(rb'\n\{"type":"overview-at","offset":(\d{1,15})\}\n\Z')
_WHERE_BYTES = 64
_BYTES_MAX = 64 * 2**20
"""100,000 samples and 20,000 events take 25 MB."""
_SAMPLES = ("last", "peak", "breach")


class _Connection(Struct, frozen=True, kw_only=True):
    """One connection: its record, the samples that were kept, and its exact figures."""

    info: ConnectionInfo
    samples: list[Sample]
    tally: dict[str, Any]
    last: Sample | None
    peak: Sample | None
    breach: Sample | None
    intention: Event | None
    phase: Phase | None


class _Usage(Struct, frozen=True, kw_only=True):
    resources: list[Resources]
    baseline: Resources | None
    last: Resources | None
    figures: dict[str, Any]


class Overview(Struct, frozen=True, tag="overview", kw_only=True):
    """A finished timeline of a run, as it is in memory."""

    header: Header
    connections: list[_Connection]
    happenings: list[PhaseEvent | Event]
    usage: _Usage
    digest: str
    entries: int
    end: RecordingEnd
    last_tick: int


_FIGURES = tuple(name for name in Tally.__slots__ if name not in (*_SAMPLES, "intention", "phase"))
_USAGE = ("queue_bytes", "_queue_bytes_max", "most", "troughs", "cycles_each", "_cycle", "_stalling")


def overview_of(timeline: Timeline, record_every: int = 1) -> bytes:
    """Its line; nothing where the recording opens fast enough, or not all of it is in the timeline."""
    header, end = timeline.header, timeline.end
    left_out = timeline.happenings_left_out or any(timeline.folded.by_client.values())
    if header is None or end is None or _outside(header) or left_out or not timeline.thinnings:
        return b""
    overview = Overview(
        header=replace(header, record_every=record_every),
        connections=[_connection(info, timeline) for info in timeline.connections],
        happenings=timeline.happenings,
        usage=_usage(timeline.usage),
        digest=timeline.digest.hexdigest(),
        entries=timeline.digest.entries,
        end=end,
        last_tick=timeline.last_tick,
    )
    return msgspec.json.encode(overview) + b"\n"


def _outside(header: Header) -> bool:
    return bool(header.probe or header.watch or header.fleet)


def where_line(offset: int) -> bytes:
    """The last line of all: at which byte the overview begins."""
    return b'{"type":"overview-at","offset":%d}\n' % offset


def find_overview(path: Path) -> Timeline | None:
    """The timeline of a recording that ends with an overview; None where there is none.

    Raises OSError, and RecordingError where the overview is damaged.
    """
    with path.open("rb") as file:
        size = file.seek(0, SEEK_END)
        file.seek(max(0, size - _WHERE_BYTES))
        found = _WHERE.search(file.read(_WHERE_BYTES))
        if found is None:
            return None
        offset = min(int(found[1]), size)
        file.seek(offset)
        line = file.read(size - offset) if size - offset < _BYTES_MAX else b""
    if not line.startswith(BEGINS):
        raise RecordingError(
            f"{path}: its overview is damaged; the recording without its last two lines can be read"
        )
    try:
        return _timeline(msgspec.json.decode(line[: line.index(b"\n")], type=Overview))
    except (msgspec.DecodeError, ValueError, KeyError) as error:
        raise RecordingError(f"{path}: its overview is damaged: {error}") from None


def _connection(info: ConnectionInfo, timeline: Timeline) -> _Connection:
    tally = timeline.tally(info.connection)
    return _Connection(
        info=info,
        samples=timeline.samples[info.connection],
        tally={name: _plain(getattr(tally, name)) for name in _FIGURES},
        last=tally.last,
        peak=tally.peak,
        breach=tally.breach,
        intention=tally.intention,
        phase=tally.phase,
    )


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, set) else value


def _usage(usage: Usage) -> _Usage:
    figures = {name.lstrip("_"): getattr(usage, name) for name in _USAGE}
    return _Usage(resources=usage.resources, baseline=usage.baseline, last=usage.last, figures=figures)


def _checked(overview: Overview) -> None:
    """What is true of every recording. Raises ValueError where it is not of this one."""
    border = Border()
    records: list[Record] = [overview.header, *(one.info for one in overview.connections)]
    for one in overview.connections:
        records += one.samples
        records += [kept for kept in (one.last, one.peak, one.breach, one.intention) if kept is not None]
        ticks = [sample.tick for sample in one.samples]
        if ticks != sorted(ticks) or {sample.connection for sample in one.samples} - {one.info.connection}:
            raise ValueError(f"the samples of connection {one.info.connection} are not in their order")
    for record in (*records, *overview.happenings, *overview.usage.resources, overview.end):
        if problem := border.problem(record):
            raise ValueError(problem)


def _timeline(overview: Overview) -> Timeline:
    _checked(overview)
    made = Timeline()
    made.was_read = True
    made.append(overview.header)
    for one in overview.connections:
        made.append(one.info)
        number = one.info.connection
        made.samples[number].extend(one.samples)
        about = [event for event in overview.happenings if event.connection in (None, number)]
        made.restore(number, _tally(one), about)
    made.happenings.extend(overview.happenings)
    for happening in overview.happenings:
        if isinstance(happening, Event):
            made.first.setdefault(happening.kind, happening)
        else:
            client = made.connections[happening.connection].client
            made.entries.append(make_entry(happening, client))
    made.digest = RunningDigest.finished(overview.digest, overview.entries)
    made.usage.resources.extend(overview.usage.resources)
    made.usage.baseline, made.usage.last = overview.usage.baseline, overview.usage.last
    for name in _USAGE:
        setattr(made.usage, name, overview.usage.figures[name.lstrip("_")])
    made.last_tick = overview.last_tick
    made.append(overview.end)
    return made


def _tally(one: _Connection) -> Tally:
    tally = Tally()
    for name in _FIGURES:
        setattr(tally, name, one.tally[name])
    tally.seen = set(one.tally["seen"])
    tally.last, tally.peak, tally.breach = one.last, one.peak, one.breach
    tally.intention, tally.phase = one.intention, one.phase
    return tally
