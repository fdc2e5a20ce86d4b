"""The report as plain text: one screen with a row for each stall and the advice; ``--verbose`` adds the
evidence.

The text is made to be pasted into a bug tracker, so the server's own words are escaped.
"""

from collections.abc import Iterator

from rich.cells import cell_len

from ...timeline.probed.outcomes import Assessment
from ...timeline.probed.result import Figure, ProbeResult, StallReport
from ...units import format_count, format_seconds
from ...views.clean import clean, encodable
from ...views.standing_marks import MARKS, PLAIN_MARKS
from ..stalls import STALLS
from .looked import looked_lines
from .rows import COLUMNS, LEGEND, Row, assessed_rows

_NAME_CELLS = 32
_SHORTEST_S = 1e-3


def report_lines(result: ProbeResult, encoding: str | None, *, verbose: bool = False) -> list[str]:
    """The lines of the report, without line ends."""
    more = _details(result) if verbose else ()
    hint = "" if verbose else "; -v shows the evidence"
    lines = [*_screen(result, encoding), _took(result) + hint, *more]
    return [encodable(clean(line), encoding) for line in lines]


def table_lines(rows: list[Row], encoding: str | None) -> Iterator[str]:
    """The table's lines: the columns' names, then each row with its sentence."""
    signs = "".join(MARKS.values())
    marks = MARKS if encodable(signs, encoding) == signs else PLAIN_MARKS
    cells = [COLUMNS, *(row.cells for row in rows)]
    widths = [max(cell_len(row[place]) for row in cells) for place in range(len(COLUMNS))]
    yield f"   {_joined(COLUMNS, widths)}"
    for row in rows:
        yield f"{marks[row.standing]:<2} {_joined(row.cells, widths)}"
        yield f"     {row.sentence}"


def _joined(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = [cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def _screen(result: ProbeResult, encoding: str | None) -> Iterator[str]:
    server = f" ({result.server})" if result.server else ""
    yield f"stallsim {result.stallsim} probe of {result.url}{server}"
    if result.private_stack:
        yield "in a private network stack with small buffers: no other network is reachable there"
    if result.interrupted:
        tried = f"{len(result.stalls)} stall{'' if len(result.stalls) == 1 else 's'}"
        yield f"interrupted: this is what {tried} showed until then"
    if result.failure:
        yield f"the probe ended before every stall was tried: {result.failure}"
    yield ""
    yield from table_lines(assessed_rows(result), encoding)
    yield ""
    findings = f"; {', '.join(finding.value for finding in result.findings)}" if result.findings else ""
    yield f"OUTCOME  {result.outcome.value}, confidence {result.confidence.value}{findings}"
    yield f"         {result.summary}"
    for violation in result.violations:
        yield f"FAIL     {violation}"
    for words in result.untested:
        yield f"UNTESTED {words}"
    for words in result.notes:
        yield f"NOTE     {words}"
    yield from _under("looked", looked_lines(result))
    decided = [
        one for one in result.stalls if one.outcome is result.outcome or one.standing is Assessment.FAULT
    ]
    yield from _under("do", list(dict.fromkeys(words for one in decided for words in one.advice)))


def _took(result: ProbeResult) -> str:
    return f"took     {format_seconds(max(result.wall_s, _SHORTEST_S))}"


def _under(heading: str, lines: list[str]) -> Iterator[str]:
    for index, line in enumerate(lines):
        yield f"{heading if index == 0 else '':<8} {line}"


def _details(result: ProbeResult) -> Iterator[str]:
    yield ""
    yield LEGEND
    for report in result.stalls:
        yield ""
        yield from _stall_lines(report)


def _stall_lines(report: StallReport) -> Iterator[str]:
    yield f"stall    {report.stall}: a client {report.does or STALLS[report.stall].does}"
    yield f"done     beside a witness that reads everything, {done_words(report)}"
    yield f"waited   {report.waited}"
    yield from _under("seen", list(report.evidence))
    yield from _under("do", list(report.advice))
    yield from _under("numbers", [_figure(one) for one in report.figures if one.value is not None])


def done_words(report: StallReport) -> str:
    """What the client did, in words. The word "stalled" stands only where the timeline has that event, so
    that the kernel has confirmed it.
    """
    stall, seconds = STALLS[report.stall], f"for {report.stalled_s:.1f} s"
    if stall.reads_all:
        return f"answering no Ping {seconds}"
    if report.verified:
        return f"stalled {seconds}, confirmed by the kernel"
    reads = "reading slowly" if stall.healthy else "reading nothing"
    return f"{reads} {seconds}; the kernel did not confirm a stall"


def _figure(figure: Figure) -> str:
    value = figure.value or 0.0
    number = format_count(round(value)) if figure.unit in ("B", "B/s", "messages") else f"{value:.3g}"
    unit = "" if figure.unit == "ratio" else f" {figure.unit}"
    return f"{figure.name:<{_NAME_CELLS}} {number}{unit} ({'measured' if figure.measured else 'inferred'})"
