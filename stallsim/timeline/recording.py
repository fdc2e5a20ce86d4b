"""Reads a recording: a file of JSON lines, readable up to its last whole line.

The first line is the header (version, scenario, kernel, sysctls, libraries, argv). Samples are arrays, in
the order of the fields of ``sample.Sample``; every other record is an object with a ``type``.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..bounded_file import require_short_numbers
from ..errors import RecordingError
from ..version import __version__
from .compression import LINE_BYTES_MAX, open_lines
from .fleet.records import OfAFleet
from .old_event import TYPED_EVENTS_SINCE, OldEvent
from .outside import Looked, OfAProbe
from .overview import BEGINS, find_overview
from .recording_check import RecordingCheck
from .records import (
    FORMAT_VERSION,
    READABLE_VERSIONS,
    ConnectionInfo,
    Event,
    Header,
    PhaseEvent,
    Record,
    RecordingEnd,
    Resources,
)
from .sample import Sample
from .thinning import MemoryBounds
from .timeline import Timeline

_SAMPLE = msgspec.json.Decoder(Sample)
_OTHERS = msgspec.json.Decoder(
    Header | ConnectionInfo | PhaseEvent | Event | Resources | OfAProbe | Looked | OfAFleet | RecordingEnd
)

_OLD = msgspec.json.Decoder(
    Header | ConnectionInfo | PhaseEvent | OldEvent | Resources | OfAProbe | RecordingEnd
)


def read_records(path: Path) -> Iterator[Record]:
    """All whole records of a recording; an incomplete last line is skipped. Raises RecordingError."""
    try:
        with open_lines(path) as file:
            header: Header | None = None
            for number, line in enumerate(file, start=1):
                if line.startswith(BEGINS):
                    return
                if len(line) > LINE_BYTES_MAX:
                    raise RecordingError(f"{path}: line {number} is longer than 16 MiB: no recording")
                if not line.endswith(b"\n"):
                    return
                record = _decode(line, number, path, header)
                if isinstance(record, Header):
                    header = record
                yield record
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from None


def load_recording(path: Path, limits: MemoryBounds | None = None) -> Timeline:
    """The timeline of a recording, thinned as that of the run was, unless there are other ``limits``.

    A long recording ends with an overview of that timeline, so that it need not be read as a whole. Raises
    RecordingError if the file is no recording, or one of another version.
    """
    if limits is None and (whole := _overview(path)) is not None:
        return whole
    timeline, border = Timeline(limits), RecordingCheck()
    timeline.was_read = True
    for number, record in enumerate(read_records(path), start=1):
        if problem := border.problem(record):
            raise RecordingError(f"{path}: line {number} is damaged: {problem}")
        timeline.append(record)
    if timeline.header is None:
        raise RecordingError(f"{path}: not a recording: it is empty")
    return timeline


def _overview(path: Path) -> Timeline | None:
    try:
        return find_overview(path) if path.is_file() else None
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from None


class _Version(msgspec.Struct, tag="header"):
    """The part of a header that every version has."""

    version: int


def _newer(line: bytes) -> str:
    """The words for a header of a newer version; empty if the line is not one."""
    try:
        version = msgspec.json.decode(line, type=_Version).version
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ""
    if version <= FORMAT_VERSION:
        return ""
    return (
        f"recorded by a newer stallsim: expected version {READABLE_VERSIONS[0]} to {FORMAT_VERSION}, found "
        f"{version}"
    )


def _decode(line: bytes, number: int, path: Path, header: Header | None) -> Record:
    old = header is not None and header.version < TYPED_EVENTS_SINCE
    try:
        record: Record | OldEvent
        require_short_numbers(line)
        if line[:1] == b"[":
            record = _SAMPLE.decode(line)
        else:
            record = _OLD.decode(line) if old else _OTHERS.decode(line)
        if isinstance(record, OldEvent):
            record = record.renewed()
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        if number == 1:
            raise RecordingError(
                f"{path}: {_newer(line) or f'not a recording of stallsim: {error}'}"
            ) from None
        other = (
            f" (recorded by stallsim {header.stallsim})"
            if header and header.stallsim != __version__
            else ""
        )
        raise RecordingError(f"{path}: line {number} is damaged: {error}{other}") from None
    if number == 1 and (not isinstance(record, Header) or record.version not in READABLE_VERSIONS):
        found = f"version {record.version}" if isinstance(record, Header) else "no header"
        raise RecordingError(f"{path}: expected version {FORMAT_VERSION}, found {found}")
    return record
