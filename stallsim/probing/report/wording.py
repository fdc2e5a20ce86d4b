"""The plain report: what was done, what was seen, the outcome, the numbers, what to do about it.

It is made to be pasted into a bug tracker: plain ASCII, nothing of the server's own words unescaped.
"""

from collections.abc import Iterator

from ...units import format_count, format_seconds
from ...views.clean import clean, encodable
from ..result import Figure, ProbeResult, StallReport
from ..stalls import STALLS

_NAME_CELLS = 32


def report_lines(result: ProbeResult, encoding: str | None) -> list[str]:
    """Lines without their ends."""
    return [encodable(clean(line), encoding) for line in _lines(result)]


def _lines(result: ProbeResult) -> Iterator[str]:
    server = f" ({result.server})" if result.server else ""
    yield f"stallsim {result.stallsim} probe of {result.url}{server}"
    if result.private_stack:
        yield "in a private network stack with small buffers: no other network is reachable there"
    if result.interrupted:
        tried = f"{len(result.stalls)} stall{'' if len(result.stalls) == 1 else 's'}"
        yield f"interrupted: this is what {tried} showed until then"
    for report in result.stalls:
        yield ""
        yield from _stall_lines(report)
    yield ""
    findings = f"; {', '.join(finding.value for finding in result.findings)}" if result.findings else ""
    yield f"OUTCOME  {result.outcome.value}, confidence {result.confidence.value}{findings}"
    yield f"         {result.summary}"
    for violation in result.violations:
        yield f"FAIL     {violation}"
    for words in result.untested:
        yield f"UNTESTED {words}"
    yield f"took     {format_seconds(max(result.wall_s, 1e-3))}"


def _stall_lines(report: StallReport) -> Iterator[str]:
    stall = STALLS[report.stall]
    yield f"stall    {report.stall}: a client {stall.does}"
    yield f"done     beside a witness that reads all, {done_words(report)}"
    yield f"waited   {report.waited}"
    for index, line in enumerate(report.evidence):
        yield f"{'seen' if index == 0 else '':<8} {line}"
    findings = f"; {', '.join(finding.value for finding in report.findings)}" if report.findings else ""
    yield f"outcome  {report.outcome.value}, confidence {report.confidence.value}{findings}"
    yield f"         {report.summary}"
    for index, line in enumerate(report.advice):
        yield f"{'do' if index == 0 else '':<8} {line}"
    for index, figure in enumerate(figure for figure in report.figures if figure.value is not None):
        yield f"{'numbers' if index == 0 else '':<8} {_figure(figure)}"


def done_words(report: StallReport) -> str:
    """The word "stalled" only where the timeline has the event, which is the kernel's confirmation."""
    stall, seconds = STALLS[report.stall], f"for {report.stalled_s:.1f} s"
    if stall.reads_all:
        return f"answering no Ping {seconds}"
    if report.verified:
        return f"stalled {seconds}, confirmed by the kernel"
    reads = "reading slowly" if stall.rate_share else "reading nothing"
    return f"{reads} {seconds}; the kernel did not confirm a stall"


def _figure(figure: Figure) -> str:
    value = figure.value or 0.0
    number = format_count(round(value)) if figure.unit in ("B", "B/s", "messages") else f"{value:.3g}"
    unit = "" if figure.unit == "ratio" else f" {figure.unit}"
    return f"{figure.name:<{_NAME_CELLS}} {number}{unit} ({'measured' if figure.measured else 'inferred'})"
