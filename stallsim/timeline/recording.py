"""The reading side of a recording: a file of JSON lines, readable up to its last whole line.

The first line is the header (version, scenario, kernel, sysctls, libraries, argv). Samples are arrays,
in the order of ``sample.Sample``'s fields; every other record is an object with a ``type``.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..errors import RecordingError
from .compression import open_lines
from .old_event import TYPED_EVENTS_SINCE, OldEvent
from .outside import Looked, OfAProbe
from .records import (
    FORMAT_VERSION,
    READABLE_VERSIONS,
    ConnectionInfo,
    End,
    Event,
    Header,
    PhaseEvent,
    Record,
    Resources,
)
from .sample import Sample
from .thinning import Limits
from .timeline import Timeline

_SAMPLE = msgspec.json.Decoder(Sample)
_OTHERS = msgspec.json.Decoder(
    Header | ConnectionInfo | PhaseEvent | Event | Resources | OfAProbe | Looked | End
)

_OLD = msgspec.json.Decoder(Header | ConnectionInfo | PhaseEvent | OldEvent | Resources | OfAProbe | End)


def read_records(path: Path) -> Iterator[Record]:
    """Every whole record of a recording. Raises RecordingError; an incomplete last line is passed over."""
    try:
        with open_lines(path) as file:
            old = False
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    return
                record = _decode(line, number, path, old=old)
                if isinstance(record, Header):
                    old = record.version < TYPED_EVENTS_SINCE
                yield record
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from None


def load(path: Path, limits: Limits | None = None) -> Timeline:
    """The timeline of a recording, thinned like that of the run unless there are other ``limits``.

    Raises RecordingError where it is none, or of another version.
    """
    timeline, part = Timeline(limits), False
    for record in read_records(path):
        opened = timeline.connections.opened
        match record:
            case ConnectionInfo():
                known = record.connection == opened or (part and record.connection > opened)
            case Sample() | PhaseEvent() | Event():
                known = record.connection is None or 0 <= record.connection < opened
            case _:
                known = True
        if not known:
            raise RecordingError(f"{path}: a record of a connection that was never opened")
        timeline.append(record)
        part = part or (isinstance(record, Header) and record.part > 0)
    if timeline.header is None:
        raise RecordingError(f"{path}: not a recording: it is empty")
    return timeline


class _Version(msgspec.Struct, tag="header"):
    """As much of a header as every version has."""

    version: int


def _newer(line: bytes) -> str:
    """A word about a header of a version that is to come; empty where it is none."""
    try:
        version = msgspec.json.decode(line, type=_Version).version
    except (msgspec.DecodeError, ValueError):
        return ""
    if version <= FORMAT_VERSION:
        return ""
    return (
        f"recorded by a newer stallsim: expected version {READABLE_VERSIONS[0]} to {FORMAT_VERSION}, found "
        f"{version}"
    )


def _decode(line: bytes, number: int, path: Path, *, old: bool) -> Record:
    try:
        record: Record | OldEvent
        if line[:1] == b"[":
            record = _SAMPLE.decode(line)
        else:
            record = _OLD.decode(line) if old else _OTHERS.decode(line)
        if isinstance(record, OldEvent):
            record = record.renewed()
    except (msgspec.DecodeError, ValueError) as error:
        if number == 1:
            raise RecordingError(
                f"{path}: {_newer(line) or f'not a recording of stallsim: {error}'}"
            ) from None
        raise RecordingError(f"{path}: line {number} is damaged: {error}") from None
    if number == 1 and (not isinstance(record, Header) or record.version not in READABLE_VERSIONS):
        found = f"version {record.version}" if isinstance(record, Header) else "no header"
        raise RecordingError(f"{path}: expected version {FORMAT_VERSION}, found {found}")
    return record
