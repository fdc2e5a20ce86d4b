"""Runs one cell in this process, which then stays in the cell's network stack."""

import time
from enum import Enum

from msgspec import Struct

from ..errors import EnvironmentUnfit, StallsimError, Unavailable
from ..runner.execute import Execution
from ..timeline.timeline import Timeline
from ..verdict.verdict import VerdictKind as Verdict
from ..verdict.verdict import judge_run
from .build import build
from .cell import Cell, Rate
from .observe import observe
from .outcome import CellOutcome


class CellStatus(Enum):
    """Whether the run itself succeeded."""

    RAN = "ran"
    UNSUPPORTED = "unsupported"
    """This machine lacks what the cell needs; ``reason`` names it and the remedy."""
    NOT_RUN = "not-run"
    """This machine was unfit for the cell, or its process was ended from outside; nothing is known."""
    UNSOUND = "unsound"
    """The result cannot be trusted: bytes do not add up, a stall did not happen, or the process broke."""


class CellRun(Struct, frozen=True, kw_only=True):
    """One cell that was run or tried."""

    cell: Cell
    status: CellStatus
    reason: str = ""
    outcome: CellOutcome | None = None
    private_stack: bool = False
    scaled_rto: bool = False
    """Whether the kernel's least retransmission timeout was scaled down, too."""
    attempts: int = 0
    cost_s: float = 0.0
    """Wall-clock seconds of all attempts."""


def run_cells(cell: Cell) -> CellRun:
    """Run a cell in a private stack, or without one if the system forbids it."""
    try:
        return _run(cell)
    except Unavailable as missing:
        return CellRun(cell=cell, status=CellStatus.UNSUPPORTED, reason=str(missing))
    except EnvironmentUnfit as unfit:
        return CellRun(cell=cell, status=CellStatus.NOT_RUN, reason=str(unfit))
    except StallsimError as error:
        return CellRun(cell=cell, status=CellStatus.UNSOUND, reason=str(error))


def _run(cell: Cell) -> CellRun:
    started = time.perf_counter()
    execution = _prepare(cell)
    timeline = execution.execute()
    status, reason = _soundness(timeline, cell.rate)
    return CellRun(
        cell=cell,
        status=status,
        reason=reason,
        outcome=None if timeline.interrupted else observe(timeline),
        private_stack=timeline.header is not None and timeline.header.private_stack,
        scaled_rto=cell.realtime and bool(execution.scenario.stack.sysctl),
        attempts=timeline.end.attempts if timeline.end else 0,
        cost_s=round(time.perf_counter() - started, 3),
    )


def _prepare(cell: Cell) -> Execution:
    """Prepare the run. Raises Unavailable if the cell needs a capability, StallsimError if it cannot be
    run.
    """
    execution = Execution(build(cell))
    try:
        execution.prepare()
    except Unavailable:
        execution = Execution(build(cell, private_stack=False))
        execution.prepare()
    return execution


def _soundness(timeline: Timeline, rate: Rate) -> tuple[CellStatus, str]:
    """Whether the run is sound. At a flood a run's usual verdict decides; at a trickle no stall has to be
    visible in the kernel's queues, so only the bytes are checked.
    """
    if rate is Rate.FLOOD:
        verdict = judge_run(timeline)
        faults = verdict.reasons if verdict.outcome is Verdict.FAIL else []
    else:
        series = [sample for samples in timeline.samples for sample in samples]
        faults = ["bytes are not conserved"] * any(one.settled and one.unaccounted_bytes for one in series)
    return (CellStatus.UNSOUND, "; ".join(faults)) if faults else (CellStatus.RAN, "")
