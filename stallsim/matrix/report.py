"""The matrix as an object, which ``--json`` prints and every view reads."""

import platform
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from ..clients import CLIENTS
from ..kernel.sysctl import RTO_MIN
from ..server.guards import GUARDS
from ..server.policies import POLICIES
from ..version import __version__
from . import guard_sets, schedule
from .cell import CONTROL, Cell, Rate
from .judge import ENDS, CellVerdict, Harm, false_positive, harm, judge_cell
from .outcome import CellOutcome, Others, Recovery
from .run import CellRun, CellStatus
from .scaled import Scaling, scalings

SCHEMA = "stallsim.matrix/1"


class ScheduleTimes(Struct, frozen=True):
    """The times of the events that every cell has, in seconds of scenario time."""

    tick_s: float = schedule.TICK_S
    stall_s: float = schedule.STALL_TICK * schedule.TICK_S
    wake_s: float = schedule.WAKE_TICK * schedule.TICK_S
    close_s: float = schedule.CLOSE_TICK * schedule.TICK_S
    end_s: float = schedule.TICKS * schedule.TICK_S


class CellReport(Struct, frozen=True, kw_only=True):
    """One cell that was run. ``outcome`` and ``word`` are null if there was none."""

    policy: str
    guards: str
    client: str
    rate: Rate
    realtime: bool
    """Whether the cell ran in realtime. In lockstep the fields below are the same in every run; in realtime
    only the word is.
    """
    status: CellStatus
    reason: str
    word: CellVerdict | None
    others: Harm | None
    """The harm to the witness, compared with the control: the same cell with a client that keeps up."""
    recovered: bool
    false_positive: bool
    """Whether a healthy client was disconnected or lost messages."""
    outcome: CellOutcome | None

    @property
    def cell(self) -> Cell:
        """The cell's name."""
        return Cell(self.policy, self.guards, self.client, self.rate, self.realtime)


class Matrix(Struct, frozen=True, kw_only=True):
    """All cells that were run; nothing is known of a cell that is not listed."""

    schema: str = SCHEMA
    stallsim: str = __version__
    kernel: str = field(default_factory=platform.release)
    interrupted: bool
    private_stack: bool
    """Whether every cell had a network stack of its own."""
    schedule: ScheduleTimes = ScheduleTimes()
    scale: list[Scaling]
    """Settings that were scaled down; all others have their defaults."""
    not_run: int
    """The number of cells of the plan that were not run."""
    cells: list[CellReport]

    @property
    def unsound(self) -> list[CellReport]:
        """The cells that cannot be trusted."""
        return [one for one in self.cells if one.status is CellStatus.UNSOUND]

    @property
    def single(self) -> list[CellReport]:
        """The single cell that was asked for, at each of its rates, without its controls; empty if there
        are several.
        """
        named = [one for one in self.cells if one.client != CONTROL] or self.cells
        return named if len({(one.policy, one.guards, one.client) for one in named}) == 1 else []

    def control_of(self, cell: CellReport) -> Others | None:
        """What the witness got in the same cell without a stall."""
        found = (one.outcome for one in self.cells if one.cell == cell.cell.control)
        outcome = next(found, None)
        return outcome.others if outcome else None


def make_report(planned: Iterable[Cell], results: Mapping[Cell, CellRun], *, interrupted: bool) -> Matrix:
    """The matrix of these results, in the plan's order."""
    cells = list(planned)
    done = [results[cell] for cell in cells if cell in results]
    return Matrix(
        interrupted=interrupted,
        private_stack=all(one.private_stack for one in done if one.status is CellStatus.RAN),
        scale=_scale(done),
        not_run=len(cells) - sum(one.status is not CellStatus.NOT_RUN for one in done),
        cells=[_report(one, results) for one in done],
    )


def _report(result: CellRun, results: Mapping[Cell, CellRun]) -> CellReport:
    cell, outcome = result.cell, result.outcome
    control = results.get(cell.control)
    word, others = None, None
    if outcome and control and control.outcome and result.status is CellStatus.RAN:
        word = judge_cell(outcome, control.outcome.others)
        others = harm(outcome.others, control.outcome.others)
    return CellReport(
        policy=cell.policy,
        guards=cell.guards,
        client=cell.client,
        rate=cell.rate,
        realtime=cell.realtime,
        status=result.status,
        reason=result.reason,
        word=word,
        others=others,
        recovered=outcome is not None and outcome.recovery is Recovery.YES and word not in ENDS,
        false_positive=word is not None and false_positive(word, healthy=CLIENTS.find(cell.client).healthy),
        outcome=outcome,
    )


def _scale(done: Sequence[CellRun]) -> list[Scaling]:
    cells = [one.cell for one in done]
    names = list(dict.fromkeys(cell.policy for cell in cells))
    made = [each for name in names for each in scalings(name, POLICIES.find(name))]
    guards = dict.fromkeys(guard for cell in cells for guard in guard_sets.guard_set_of(cell.guards))
    made += [each for name in guards for each in scalings(name, GUARDS.find(name))]
    rto = Scaling("the kernel's", RTO_MIN, schedule.RTO_MIN_US_DEFAULT, schedule.RTO_MIN_US)
    return [*made, rto] if any(one.scaled_rto for one in done) else made
