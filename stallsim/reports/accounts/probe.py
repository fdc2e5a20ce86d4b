"""The account of a probe: what a server did with each kind of stalled client."""

from collections.abc import Iterator

import msgspec

from ...named_options import for_command_line
from ...probing.report.looked import looked_lines
from ...probing.report.rows import COLUMNS, Row, assessed_rows, row_of
from ...probing.report.wording import done_words
from ...probing.stalls import STALLS
from ...timeline.probed.outcomes import Assessment, Outcome
from ...timeline.probed.result import Figure, ProbeResult, StallReport
from ...timeline.timeline import Timeline
from ...units import format_count
from ...views.standing_marks import MARKS
from ..account import Account, Check, CheckStatus, Section, Table
from .machine import machine_facts

_BAD = frozenset({Outcome.UNBOUNDED_GROWTH, Outcome.BLOCKS_EVERYONE})


def account_of_probe(timeline: Timeline | None, result: ProbeResult | None) -> Account:
    """The account of a probe; ``result`` is None if the probe was interrupted before a stall was judged."""
    header = timeline.header if timeline is not None else None
    facts = tuple(machine_facts(header)) if header is not None else ()
    if result is None:
        url = header.probe.url if header is not None and header.probe is not None else "a server"
        words = ("the probe was interrupted before a stall was judged: there is no result",)
        check = Check(url, CheckStatus.NOT_KNOWN, words[0])
        return Account("probe", url, "none", False, words, (), (), (), facts, (check,), 0.0)
    named = for_command_line(msgspec.json.encode(result).decode())
    result = msgspec.json.decode(named, type=ProbeResult)
    return Account(
        kind="probe",
        title=f"{result.url} ({result.server})" if result.server else result.url,
        outcome=f"{result.outcome.value}, confidence {result.confidence.value}",
        bad=result.unmet or result.outcome in _BAD,
        words=tuple(_words(result)),
        tables=(_stalls(result),),
        advice=tuple(dict.fromkeys(words for one in result.stalls for words in one.advice)),
        evidence=tuple(map(_evidence, result.stalls)),
        facts=(("target", result.url), *facts, *_facts(result)),
        checks=tuple(_checks(result)),
        seconds=result.wall_s,
    )


def _words(result: ProbeResult) -> Iterator[str]:
    yield result.summary
    yield f"looked: {'; '.join(looked_lines(result))}"
    if result.findings:
        yield f"beside that: {', '.join(finding.value for finding in result.findings)}"
    for violation in result.violations:
        yield f"threshold broken: {violation}"
    for words in result.untested:
        yield f"not tested: {words}"
    if result.failure:
        yield f"the probe ended before every stall was tried: {result.failure}"
    if result.interrupted:
        yield f"interrupted: this is what {len(result.stalls)} of the stalls showed until then"


def _stalls(result: ProbeResult) -> Table:
    rows = tuple(map(_cells, assessed_rows(result)))
    return Table("Stalls", (*COLUMNS, "in a sentence"), rows)


def _cells(row: Row) -> tuple[str, ...]:
    stall, outcome, *others = row.cells
    return stall, f"{MARKS[row.standing]} {outcome}", *others, row.sentence


def _evidence(report: StallReport) -> Section:
    stall = STALLS.get(report.stall)
    does = f": a client {stall.does}" if stall is not None else ""
    return Section(
        f"{report.stall}{does}",
        (
            f"beside a witness that reads everything, {done_words(report)}",
            f"waited {report.waited}",
            *report.evidence,
            *(_figure(one) for one in report.figures if one.value is not None),
        ),
    )


def _figure(figure: Figure) -> str:
    value = figure.value or 0.0
    number = format_count(round(value)) if figure.unit in ("B", "B/s", "messages") else f"{value:.3g}"
    unit = "" if figure.unit == "ratio" else f" {figure.unit}"
    return f"{figure.name}: {number}{unit} ({'measured' if figure.measured else 'inferred'})"


def _facts(result: ProbeResult) -> Iterator[tuple[str, str]]:
    if result.private_stack:
        yield "private stack", "small buffers; no other network is reachable from there"
    if result.server_output:
        yield "the server's output", result.server_output


def _checks(result: ProbeResult) -> Iterator[Check]:
    yield from (_check(one, result) for one in result.stalls)
    if result.failure:
        message = f"the probe ended before every stall was tried: {result.failure}"
        yield Check("the other stalls", CheckStatus.NOT_TESTED, message)
    for words in result.untested:
        option = words.split(maxsplit=1)[0].rstrip(":")
        status = CheckStatus.NOT_KNOWN if result.untested_allowed else CheckStatus.NOT_TESTED
        yield Check(option, status, f"not tested: {words}")


def _check(report: StallReport, result: ProbeResult) -> Check:
    """The check of a stall. It fails if a threshold is broken; without thresholds no behaviour is a
    failure.

    A stall whose result is inconclusive has not passed.
    """
    broken = [words for words in result.violations if words.startswith(f"{report.stall}: ")]
    conclusive = report.standing is not Assessment.OPEN
    row = [f"{name}: {cell}" for name, cell in zip(COLUMNS, row_of(report).cells, strict=True)]
    status = CheckStatus.FAILED if broken else CheckStatus.PASSED if conclusive else CheckStatus.NOT_KNOWN
    return Check(
        report.stall,
        status,
        "; ".join(broken) or report.summary,
        ("; ".join(row), *report.evidence),
        report.stalled_s,
    )
