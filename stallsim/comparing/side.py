"""The rows of one result: one for each stall of a probe, or one for a run."""

from pathlib import Path

from ..errors import RecordingError
from ..fleet.judging import judge as judge_fleet
from ..fleet.result import SCHEMA as FLEET_SCHEMA
from ..fleet.result import FleetResult
from ..probing.recording.replay import judge_again
from ..probing.report.rows import row_of
from ..result_file import beginning_of, read_result, taken_for_damage
from ..timeline.probed.outcomes import Assessment
from ..timeline.probed.result import SCHEMA as PROBE_SCHEMA
from ..timeline.probed.result import ProbeResult
from ..timeline.recording import load_recording
from ..units import format_count, format_size
from ..verdict.result import SCHEMA as RUN_SCHEMA
from ..verdict.result import Result, summarize_run
from ..verdict.verdict import VerdictKind, judge_run
from .assessed import AssessedRow, Side
from .fleet import side_of_fleet

_WITNESS = "well-behaved"
_RUNS = {
    VerdictKind.PASS.value: Assessment.DEFENDED,
    VerdictKind.FAIL.value: Assessment.FAULT,
    VerdictKind.UNSUPPORTED.value: Assessment.OPEN,
}
_BOUNDED = {True: "bounded", False: "no bound seen", None: "not tested"}


def side_of(path: Path) -> Side:
    """Read a recording, or what ``--json`` printed. Raises RecordingError if the file is neither."""
    beginning = beginning_of(path)
    with taken_for_damage(path):
        if PROBE_SCHEMA in beginning:
            return _of_probe(read_result(path, ProbeResult))
        if RUN_SCHEMA in beginning:
            return _of_run(read_result(path, Result))
        if FLEET_SCHEMA in beginning:
            return side_of_fleet(read_result(path, FleetResult))
        return _of_recording(path)


def _of_recording(path: Path) -> Side:
    timeline = load_recording(path)
    if timeline.header is not None and timeline.header.probe is not None:
        result = judge_again(path)
        if result is None:
            raise RecordingError(f"{path}: the probe was interrupted before a stall was judged")
        return _of_probe(result)
    if timeline.header is not None and timeline.header.fleet is not None:
        fleet = judge_fleet(timeline)
        if fleet is None:
            raise RecordingError(f"{path}: the fleet was interrupted before its baseline was known")
        return side_of_fleet(fleet)
    if timeline.header is None or timeline.header.watch is not None:
        raise RecordingError(f"{path}: expected what run, probe or fleet recorded, or printed as JSON")
    return _of_run(summarize_run(timeline, judge_run(timeline)))


def _of_probe(result: ProbeResult) -> Side:
    rows = [row_of(one) for one in result.stalls]
    assessed = {
        row.stall: AssessedRow(row.standing, (row.outcome, row.bound, row.ended, row.others))
        for row in rows
    }
    return Side("probe", assessed)


def _of_run(result: Result) -> Side:
    """The row of a run: of its clients the one with the longest queue, of its witnesses the one that read
    least.
    """
    stalled = [one for one in result.connections if one.kind != _WITNESS] or result.connections
    worst = max(stalled, key=lambda one: one.queue_bytes_max, default=None)
    read = [one.read_messages for one in result.connections if one.kind == _WITNESS]
    words = (
        f"{result.verdict}, {_BOUNDED[result.memory_bounded]}",
        "nothing was held" if worst is None else f"at most {format_size(worst.queue_bytes_max)}",
        "none" if worst is None or worst.phase is None else worst.phase,
        f"{format_count(min(read))} messages" if read else "none",
    )
    standing = _RUNS[result.verdict]
    if standing is Assessment.DEFENDED and result.memory_bounded is False:
        standing = Assessment.FAULT
    return Side("run", {result.profile: AssessedRow(standing, words)})
