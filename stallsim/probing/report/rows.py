"""A stall in one row, which the terminal, Markdown, JUnit and the dashboard share."""

from typing import NamedTuple, assert_never

from ...timeline.probed.outcomes import Assessment, Finding, Outcome
from ...timeline.probed.result import ProbeResult, StallReport
from ...units import format_seconds, format_size
from .held_words import held_words
from .left import left_words
from .looked import SHARE_AT_THE_END

COLUMNS = ("stall", "outcome", "bound", "ended after", "witness received")
LEGEND = (
    "✓ bounded or ended, and no other client was harmed; ✗ memory without a bound, or other clients were "
    "harmed; ? not watched long enough, or not known"
)
_SHORTEST_S = 1e-3


class Row(NamedTuple):
    """The words of each column, in order, and the sentence below them."""

    standing: Assessment
    stall: str
    outcome: str
    bound: str
    ended: str
    others: str
    sentence: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The words under ``COLUMNS``."""
        return self.stall, self.outcome, self.bound, self.ended, self.others


def assessed_rows(result: ProbeResult) -> list[Row]:
    """One row for each stall. A stall that breaks a threshold counts as a fault, whatever its outcome."""
    return [
        row._replace(standing=Assessment.FAULT)
        if any(words.startswith(f"{row.stall}: ") for words in result.violations)
        else row
        for row in map(row_of, result.stalls)
    ]


def row_of(report: StallReport) -> Row:
    """The row of one stall. Inferred values have a ``~`` before them."""
    outcome, sentence = f"{report.outcome.value} ({report.confidence.value})", report.summary
    ended = f"not in {_time(report.stalled_s)}"
    if report.closed_after_s is not None:
        ended = _time(report.closed_after_s)
    elif report.left_growth_per_s is not None:
        ended = "client left"
        if report.outcome is Outcome.INCONCLUSIVE:  # such a stall tests the memory that remains
            leaks = Finding.LEAKS_AFTER_CLOSE in report.findings
            outcome = "leaks" if leaks else "no leak seen"
            watched_s = report.figure("watched_after_close_s")
            sentence = left_words(report.left_growth_per_s, watched_s, leaks=leaks)
    return Row(
        standing=report.standing,
        stall=report.stall,
        outcome=outcome,
        bound=_bound(report),
        ended=ended,
        others=_others(report),
        sentence="; ".join([sentence, *(_finding(one, report) for one in report.findings)]),
    )


def _finding(finding: Finding, report: StallReport) -> str:
    """The finding; for a timeout that was not seen, also how long was watched for it."""
    if finding is Finding.KEEPALIVE_BLIND:
        return f"{finding.value} within {_time(report.stalled_s)}"
    return finding.value


def _bound(report: StallReport) -> str:
    match report.outcome:
        case Outcome.UNBOUNDED_GROWTH | Outcome.GROWTH:
            return f"none below ~{format_size(report.held_bytes)}"
        case Outcome.DISCONNECTS | Outcome.BOUNDED_DROPS:
            nothing = not report.refused_bytes and not report.held_bytes
            return "nothing waited" if nothing else held_words(report)
        case Outcome.BACKPRESSURE_ISOLATED:
            return "its stream waits"
        case Outcome.BLOCKS_EVERYONE:
            return "all streams wait"
        case Outcome.SERVED:
            return "nothing missing"
        case Outcome.INCONCLUSIVE:
            return "not known"
        case _:
            assert_never(report.outcome)


def _others(report: StallReport) -> str:
    """The share of its usual stream that the witness received, or the longest time in which it received
    nothing.
    """
    blocked = [one for one in report.reactions if one.outcome is Outcome.BLOCKS_EVERYONE]
    if blocked and blocked[0].until_s is not None:
        return f"nothing for {_time(blocked[0].until_s - blocked[0].from_s)}"
    if blocked:  # the sentence below has the same number
        given, gap_s = report.figure(SHARE_AT_THE_END), report.figure("witness_gap_s_max")
        return f"nothing for {_time(gap_s or 0.0)}" if given is None else f"{given:.0%}"
    share = report.figure("witness_share")
    return "too short a time" if share is None else f"{share:.0%}"


def _time(seconds: float) -> str:
    return format_seconds(max(seconds, _SHORTEST_S))
