"""The subjects of a report: a recording, or the result of a probe, a fleet or a matrix as ``--json`` prints
it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..fleet.judging import judge as judge_fleet
from ..fleet.result import SCHEMA as FLEET_SCHEMA
from ..fleet.result import FleetResult
from ..matrix.report import SCHEMA as MATRIX_SCHEMA
from ..matrix.report import Matrix
from ..result_file import beginning_of, read_result, taken_for_damage
from ..timeline.probed.result import SCHEMA as PROBE_SCHEMA
from ..timeline.probed.result import ProbeResult
from ..timeline.recording import load_recording, read_records
from ..timeline.records import ConnectionInfo
from ..timeline.sample import Sample
from ..timeline.timeline import Timeline
from ..verdict.verdict import judge_run
from .account import Account
from .accounts.fleet import account_of_fleet
from .accounts.matrix import account_of_matrix
from .accounts.probe import account_of_probe
from .accounts.run import account_of_run
from .accounts.watch import account_of_watch


@dataclass(frozen=True)
class Found:
    """One subject of a report."""

    name: str
    """The name that the user knows: the file's name, or the profile's."""
    account: Account
    timeline: Timeline | None = None
    """The timeline; None for a result, as ``--json`` prints it."""
    matrix: Matrix | None = None
    path: Path | None = None
    """The recording, which contains every sample; None if there is only the timeline in memory."""

    def samples(self) -> Iterator[tuple[ConnectionInfo, Sample]]:
        """Every sample with its connection: all of the recording, or without one those that the timeline
        still has.
        """
        if self.timeline is None:
            return
        if self.path is None:
            for number, series in self.timeline.samples.items():
                yield from ((self.timeline.connections[number], sample) for sample in series)
            return
        infos: dict[int, ConnectionInfo] = {}
        for record in read_records(self.path):
            if isinstance(record, ConnectionInfo):
                infos[record.connection] = record
            elif isinstance(record, Sample):
                yield infos[record.connection], record


def found_in(path: Path) -> Found:
    """Read a recording or a result from a file. Raises RecordingError if the file is neither."""
    beginning = beginning_of(path)
    with taken_for_damage(path):
        if MATRIX_SCHEMA in beginning:
            return found_matrix(read_result(path, Matrix), path.name)
        if PROBE_SCHEMA in beginning:
            return Found(path.name, account_of_probe(None, read_result(path, ProbeResult)))
        if FLEET_SCHEMA in beginning:
            return Found(path.name, account_of_fleet(None, read_result(path, FleetResult)))
        return found_timeline(load_recording(path), path.name, path=path)


def found_timeline(
    timeline: Timeline, name: str, *, result: ProbeResult | None = None, path: Path | None = None
) -> Found:
    """The subject for a run, a watch, a fleet, or a probe with its ``result`` (default: the
    recorded one).
    """
    if timeline.header is not None and timeline.header.watch is not None:
        return Found(name, account_of_watch(timeline), timeline, path=path)
    if timeline.header is not None and timeline.header.fleet is not None:
        return Found(name, account_of_fleet(timeline, judge_fleet(timeline)), timeline, path=path)
    if timeline.header is None or timeline.header.probe is None:
        return Found(name, account_of_run(timeline, judge_run(timeline)), timeline, path=path)
    if result is None and timeline.probed is not None:
        result = timeline.probed.result
    return Found(name, account_of_probe(timeline, result), timeline, path=path)


def found_matrix(matrix: Matrix, name: str) -> Found:
    """A matrix as the subject of a report."""
    return Found(name, account_of_matrix(matrix), matrix=matrix)
