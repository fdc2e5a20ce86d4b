"""Samples, readings of a fleet or cells of a matrix as rows for CSV and Parquet."""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from ..errors import ReportError
from ..matrix.report import Matrix
from ..timeline.sample import Sample
from .fleet_rows import COLUMNS, Value, fleet_rows
from .found import Found


class Rows(NamedTuple):
    """The names of the columns, and the rows, which can be read once."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Value, ...]]


_WHERE = ("recording", "client", "t_s")
_CELL = ("recording", "policy", "guards", "client", "rate", "realtime", "status", "word", "others",
         "recovered", "false_positive", "queue_bytes_max", "queue_messages_max", "dropped_messages",
         "ended_by", "reason")  # fmt: skip


def table_rows(found: Sequence[Found]) -> Rows:
    """One row for each sample (its columns are the fields of a sample), reading, or cell.

    Raises ReportError if the subjects are of different kinds, or if a probe has only a result.
    """
    matrices = [one for one in found if one.matrix is not None]
    if len(matrices) == len(found):
        return Rows(_CELL, (row for one in found if one.matrix for row in _cells(one.name, one.matrix)))
    fleets = [one for one in found if one.account.kind == "fleet"]
    if matrices or 0 < len(fleets) < len(found):
        raise ReportError(
            "samples, a fleet's readings and the cells of a matrix have no columns in common: "
            "write a report for each kind"
        )
    for one in found:
        if one.timeline is None:
            raise ReportError(f"{one.name}: a result has no samples; report the recording instead")
    if fleets:
        return Rows(COLUMNS, (row for one in fleets for row in fleet_rows(one)))
    columns = (*_WHERE, *Sample.__struct_fields__)
    return Rows(columns, (row for one in found for row in _samples(one)))


def _samples(found: Found) -> Iterator[tuple[Value, ...]]:
    assert found.timeline is not None, "looked at by table_rows"
    tick_s = found.timeline.scenario.tick_s
    for info, sample in found.samples():
        yield (found.name, info.client, round(sample.tick * tick_s, 9), *_values(sample))


def _values(sample: Sample) -> Iterator[Value]:
    for field in Sample.__struct_fields__:
        value = getattr(sample, field)
        yield value.value if isinstance(value, Enum) else value


def _cells(name: str, matrix: Matrix) -> Iterator[tuple[Value, ...]]:
    for one in matrix.cells:
        outcome = one.outcome
        yield (
            name, one.policy, one.guards, one.client, one.rate.value, one.realtime, one.status.value,
            one.word.value if one.word else "", one.others.value if one.others else "",
            one.recovered, one.false_positive,
            outcome.memory.queue_bytes_max if outcome else 0,
            outcome.memory.queue_messages_max if outcome else 0,
            outcome.loss.dropped_messages if outcome else 0,
            outcome.ending.by.value if outcome else "", one.reason,
        )  # fmt: skip
