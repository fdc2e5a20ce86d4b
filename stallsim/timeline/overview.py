"""The overview at the end of a long recording, from which it opens at once.

A recording of 10,000,000 samples takes a minute to read, and a timeline keeps only the 100,000 samples
that show the same picture, and exact figures of the rest. After the last record these are written once
more, in one line, and another line states where that line begins. A reader of every record
(``read_records``) stops before them.
"""

import re
from io import SEEK_END
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..bounded_file import require_short_numbers
from ..errors import RecordingError
from .entry import RunningDigest, make_entry
from .recording_check import RecordingCheck
from .records import ConnectionInfo, Event, Header, PhaseEvent, Record, RecordingEnd
from .sample import Sample
from .tally import Tally
from .timeline import Timeline
from .usage import RESOURCES, Usage

BEGINS = b'{"type":"overview"'
_WHERE = re.compile(rb'\n\{"type":"overview-at","offset":(\d{1,15})\}\n\Z')
_WHERE_BYTES = 64
_BYTES_MAX = 64 * 2**20
"""100,000 samples and 20,000 events take 25 MB."""
_LAYOUT = 2
"""The version of the fields of ``Overview``."""


class _Connection(Struct, frozen=True, kw_only=True):
    """One connection: its record, its kept samples, and its exact figures."""

    info: ConnectionInfo
    samples: list[Sample]
    tally: Tally


class _Layout(Struct, frozen=True, tag="overview"):
    """The part of an overview that every version has."""

    layout: int = 1


class Overview(Struct, frozen=True, tag="overview", kw_only=True):
    """A finished timeline of a run, as it is in memory."""

    layout: int
    header: Header
    connections: list[_Connection]
    happenings: list[PhaseEvent | Event]
    usage: Usage
    digest: str
    entries: int
    end: RecordingEnd
    last_tick: int


def overview_of(timeline: Timeline, record_every: int = 1) -> bytes:
    """The line of a timeline's overview; empty if the recording opens fast enough, or if the timeline is
    not complete.
    """
    header, end = timeline.header, timeline.end
    left_out = timeline.happenings_left_out or any(timeline.folded.by_client.values())
    if header is None or end is None or _outside(header) or left_out or not timeline.thinnings:
        return b""
    overview = Overview(
        layout=_LAYOUT,
        header=replace(header, record_every=record_every),
        connections=[
            _Connection(
                info=info,
                samples=timeline.samples[info.connection],
                tally=timeline.tally(info.connection),
            )
            for info in timeline.connections
        ],
        happenings=timeline.happenings,
        usage=timeline.usage,
        digest=timeline.digest.hexdigest(),
        entries=timeline.digest.entries,
        end=end,
        last_tick=timeline.last_tick,
    )
    return msgspec.json.encode(overview) + b"\n"


def _outside(header: Header) -> bool:
    return bool(header.probe or header.watch or header.fleet)


def where_line(offset: int) -> bytes:
    """The last line of a recording, which states the byte at which the overview begins."""
    return b'{"type":"overview-at","offset":%d}\n' % offset


def find_overview(path: Path) -> Timeline | None:
    """The timeline of a recording that ends with an overview; None if there is none, or if another version
    wrote it, so that every record must be read.

    Raises OSError, and RecordingError if the overview is damaged.
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
        line = line[: line.index(b"\n")]
        require_short_numbers(line)
        if msgspec.json.decode(line, type=_Layout).layout != _LAYOUT:
            return None
        return _timeline(msgspec.json.decode(line, type=Overview))
    except (msgspec.DecodeError, ValueError, LookupError, RecursionError) as error:
        raise RecordingError(f"{path}: its overview is damaged: {error}") from None


def _checked(overview: Overview) -> None:
    """Check what holds for every recording. Raises ValueError if it does not hold for this one."""
    border = RecordingCheck()
    records: list[Record] = [overview.header, *(one.info for one in overview.connections)]
    for one in overview.connections:
        records += one.samples
        counted = (one.tally.last, one.tally.peak, one.tally.breach, one.tally.intention)
        records += [each for each in counted if each is not None]
        ticks = [sample.tick for sample in one.samples]
        if ticks != sorted(ticks) or {sample.connection for sample in one.samples} - {one.info.connection}:
            raise ValueError(f"the samples of connection {one.info.connection} are not in their order")
        if len(one.tally.reached) != len(overview.header.scenario.expect):
            raise ValueError(f"connection {one.info.connection} was held to other expectations")
    if overview.usage.troughs.keys() != set(RESOURCES):
        raise ValueError("its resources are not those of a run")
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
        made.restore(number, one.tally, about)
    made.happenings.extend(overview.happenings)
    for happening in overview.happenings:
        if isinstance(happening, Event):
            made.first.setdefault(happening.kind, happening)
        else:
            client = made.connections[happening.connection].client
            made.entries.append(make_entry(happening, client))
    made.digest = RunningDigest.finished(overview.digest, overview.entries)
    made.usage = overview.usage
    made.last_tick = overview.last_tick
    made.append(overview.end)
    return made
