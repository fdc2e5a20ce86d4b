"""The outcome, the word and the table that follow from a timeline made by hand."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from stallsim.kinds import EventKind
from stallsim.matrix import schedule
from stallsim.matrix.cell import CONTROL, Cell
from stallsim.matrix.detail import as_detail
from stallsim.matrix.grid import grids, word
from stallsim.matrix.judge import CellVerdict, Harm, false_positive, harm, judge_cell
from stallsim.matrix.markdown import as_markdown
from stallsim.matrix.observe import observe
from stallsim.matrix.outcome import Bound, By, CellOutcome, Others, Recovery, Which
from stallsim.matrix.report import Matrix, make_report
from stallsim.matrix.run import CellRun, CellStatus
from stallsim.matrix.text import matrix_text
from stallsim.timeline.records import Event
from stallsim.timeline.sample import Refusal, Sample
from stallsim.timeline.timeline import Timeline

from .builders import COMPLETE, header, info, sample
from .events import carrying

STALL, WAKE, CLOSE, END = schedule.STALL_TICK, schedule.WAKE_TICK, schedule.CLOSE_TICK, schedule.TICKS
_S = EventKind.STOPS_READING


def cell(*events: Event, gap: range = range(0), **last: Any) -> CellOutcome:
    """An outcome: the client's ``events``, its samples as ``last`` from the stall on, a witness that reads
    a message a tick but in ``gap``.
    """
    made = Timeline()
    made.append(header())
    made.append(info(0))
    made.append(info(1, "witness"))
    read = 0
    for tick in range(END):
        made.append(sample(tick, **(last if tick >= STALL else {})))
        read += tick not in gap
        latency = -1 if tick in gap else 1000
        made.append(sample(tick, connection=1, read_messages=read, latency_us=latency))
    for event in events:
        made.append(event)
    made.append(COMPLETE)
    return observe(made)


def at(tick: int, kind: EventKind, **detail: int | str) -> Event:
    return Event(tick=tick, connection=0, what=carrying(kind, **detail))


GOOD = cell(at(CLOSE, EventKind.CLOSE_WANTED), at(CLOSE + 1, EventKind.ENDED, how="closed"))
QUEUE: dict[str, Any] = {"queue_bytes": 9000, "queue_messages": 9, "refusal": Refusal.EAGAIN}
CUT = (at(STALL, _S), at(STALL + 40, EventKind.GUARD_ACTED, guard="ping-timeout"))
ABORTED = (at(STALL + 40, EventKind.ABORTED), at(STALL + 40, EventKind.ENDED, how="reset"))
WORDS = {
    CellVerdict.OK: GOOD,
    CellVerdict.GROWS: cell(at(STALL, _S), **QUEUE),
    CellVerdict.CUT: cell(*CUT, *ABORTED, **QUEUE),
    CellVerdict.STUCK: cell(*CUT, **QUEUE),
    CellVerdict.LEFT: cell(at(STALL, EventKind.CLOSE_RECEIVED), at(STALL, EventKind.ENDED, how="closed")),
    CellVerdict.LOSES: cell(at(STALL, _S), dropped_messages=3, evicted_messages=3),
    CellVerdict.WAITS: cell(at(STALL, _S), producer_waits=True),
    CellVerdict.HELD: cell(at(STALL, _S), rcvq_bytes=100),
    CellVerdict.STAYS: cell(at(CLOSE, EventKind.CLOSE_WANTED)),
    CellVerdict.BLOCKS: cell(at(STALL, _S), gap=range(STALL, CLOSE), producer_waits=True),
    CellVerdict.SLOWS: cell(at(STALL, _S), gap=range(STALL, STALL + 30), producer_waits=True),
}


@pytest.mark.parametrize("said", CellVerdict)
def test_every_word_follows_from_an_outcome(said: CellVerdict) -> None:
    assert judge_cell(WORDS[said], GOOD.others) is said


def test_three_facts_have_three_times() -> None:
    ending = cell(
        *CUT,
        at(STALL + 80, EventKind.ENDED, how="reset", error="Connection reset by peer"),
        at(STALL + 120, EventKind.SOCKET_GONE),
        at(WAKE, EventKind.END_SEEN, how="close", code=1001),
        at(WAKE, EventKind.END_SEEN, how="fin"),
    ).ending
    assert (ending.by, ending.guard) == (By.GUARD, "ping-timeout")
    assert (ending.decided_s, ending.freed_s, ending.gone_s) == (1.0, 2.0, 3.0)
    assert ending.server_saw == "reset (Connection reset by peer)"
    assert ending.client_saw == ["close 1001", "fin"]


@pytest.mark.parametrize(
    ("event", "by"),
    [
        (at(STALL, EventKind.ABORTED), By.POLICY),
        (at(STALL, EventKind.ENDED, how="timed-out"), By.KERNEL),
        (at(STALL, EventKind.ENDED, how="reset"), By.CLIENT),
        (at(CLOSE, EventKind.CLOSE_WANTED), By.SERVER),
        (at(END, EventKind.ENDED, how="reset"), By.NOBODY),
    ],
)
def test_who_wished_it_to_end(event: Event, by: By) -> None:
    assert cell(event).ending.by is by


@pytest.mark.parametrize(
    ("dropped", "evicted", "which"),
    [(0, 0, Which.NONE), (2, 2, Which.EVICTED), (2, 0, Which.REJECTED), (2, 1, Which.BOTH)],
)
def test_which_messages_were_lost(dropped: int, evicted: int, which: Which) -> None:
    loss = cell(dropped_messages=dropped, evicted_messages=evicted, missing_messages=2).loss
    assert loss.which is which
    assert loss.confirmed == (dropped == 2)


def test_recovery() -> None:
    slept, woke = at(STALL, _S), at(WAKE, EventKind.WAKES)
    assert cell(slept, woke).recovery is Recovery.YES
    assert cell(slept, woke, **QUEUE).recovery is Recovery.NO
    assert cell(slept, at(WAKE - 1, EventKind.ENDED, how="reset"), woke).recovery is Recovery.ENDED_BEFORE
    assert cell(slept).recovery is Recovery.NEVER_WOKE
    assert cell().recovery is Recovery.DID_NOT_SLEEP


def test_a_queue_that_its_client_empties_has_a_bound() -> None:
    busy, empty = sample(1, **QUEUE), sample(WAKE)
    assert cell(**QUEUE).memory.bound is Bound.NOTHING
    assert _bound(busy, empty) is Bound.CLIENT


def _bound(*samples: Sample) -> Bound:
    made = Timeline()
    made.append(header())
    made.append(info(0))
    made.append(info(1, "witness"))
    for each in (*samples, sample(0, connection=1)):
        made.append(each)
    return observe(made).memory.bound


def test_harm_is_beside_the_control() -> None:
    control = Others(messages_per_s=40, gap_max_s=0.025, latency_p50_us=1000, latency_p99_us=2000)
    assert harm(control, control) is Harm.NONE
    assert harm(replace(control, messages_per_s=30), control) is Harm.SLOWED
    assert harm(replace(control, latency_p99_us=300_000), control) is Harm.SLOWED
    assert harm(replace(control, gap_max_s=2.0), control) is Harm.BLOCKED
    slow = replace(control, gap_max_s=3.3)
    assert harm(slow, slow) is Harm.NONE, "a trickle has its gaps whoever stalls"


@pytest.mark.parametrize("said", CellVerdict)
def test_a_healthy_client_that_is_cut_or_loses_messages_is_a_false_positive(said: CellVerdict) -> None:
    assert false_positive(said, healthy=True) == (
        said in (CellVerdict.STUCK, CellVerdict.CUT, CellVerdict.LOSES)
    )
    assert not false_positive(said, healthy=False)


def detail(outcome: CellOutcome | None, status: CellStatus = CellStatus.RAN, reason: str = "") -> str:
    name = Cell("unbounded", "none", "stop-reading")
    run = CellRun(cell=name, status=status, outcome=outcome, reason=reason)
    matrix = make_report([name], {name: run}, interrupted=False)
    return "\n".join(as_detail(matrix.cells[0], None))


def test_a_cell_that_cannot_be_trusted_names_the_reason_and_shows_its_facts() -> None:
    for outcome in (None, GOOD):
        words = detail(outcome, CellStatus.UNSOUND, "bytes are not conserved")
        assert words.splitlines()[:2] == [
            "unbounded, none, stop-reading (lockstep): ERROR",
            "  unsound: bytes are not conserved",
        ]
        assert ("memory" in words) == (outcome is not None)
    assert "unsound" not in detail(GOOD)


def test_a_latency_that_was_not_measured_has_no_figure() -> None:
    assert "p50/p99 1/1 ms" in detail(GOOD)
    nothing_read = detail(cell(gap=range(END)))
    assert "latency p50/p99 not known, since nothing was read" in nothing_read
    assert "-0.001" not in nothing_read


def test_evicted_messages_are_not_called_the_oldest() -> None:
    words = detail(WORDS[CellVerdict.LOSES])
    assert "lost       messages that had been queued; 3 dropped, 3 of them evicted; " in words
    assert "oldest" not in words


def small() -> Matrix:
    """Two clients, one of them cut though it is well-behaved; a third cell was not run."""
    names = [Cell("unbounded", "none", client) for client in (CONTROL, "stop-reading")]
    robbed = Cell("disconnect", "none", CONTROL)
    missing = Cell("disconnect", "none", "stop-reading")
    outcomes = {names[0]: GOOD, names[1]: WORDS[CellVerdict.GROWS], robbed: WORDS[CellVerdict.CUT]}
    results = {
        name: CellRun(cell=name, status=CellStatus.RAN, outcome=one) for name, one in outcomes.items()
    }
    return make_report([*names, robbed, missing], results, interrupted=True)


def test_a_cell_that_was_not_run_is_shown_as_not_run() -> None:
    matrix = small()
    (grid,) = grids(matrix)
    assert [(client, [word(one) for one in cells]) for client, cells in grid.rows] == [
        ("well-behaved", ["ok", "cut!"]),
        ("stop-reading", ["grows", "·"]),
    ]
    assert matrix.not_run == 1


def test_the_views_agree_and_fit() -> None:
    matrix = small()
    lines = [line.plain for line in matrix_text(matrix)]
    assert "well-behaved ok     cut!" in lines
    assert "stop-reading grows  ·" in lines
    assert max(map(len, lines)) <= 80
    assert "interrupted: 1 cells of the plan were not run" in lines
    assert "| well-behaved | ok | **cut!** |" in list(as_markdown(matrix))
    assert msgspec.json.decode(msgspec.json.encode(matrix), type=Matrix) == matrix


def test_without_its_control_a_cell_has_no_word() -> None:
    alone = Cell("unbounded", "none", "stop-reading")
    result = CellRun(cell=alone, status=CellStatus.RAN, outcome=GOOD)
    (one,) = make_report([alone.control, alone], {alone: result}, interrupted=True).cells
    assert (one.word, one.others) == (None, None)
    assert word(one) == "·"
