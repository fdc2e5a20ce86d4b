"""Summarises the stalls of one server in the result of a probe."""

from collections.abc import Sequence

from msgspec.structs import replace

from ...timeline.probed.measures import Healthy
from ...timeline.probed.outcomes import (
    SEVERITY,
    Assessment,
    Confidence,
    Finding,
    Outcome,
    standing_of,
)
from ...timeline.probed.result import ProbeResult, StallReport
from ..stalls import STALLS
from .looked import further_of

_ASIDE = frozenset(name for name, stall in STALLS.items() if stall.aside)
_BOUNDS = (Outcome.DISCONNECTS, Outcome.BOUNDED_DROPS)
_SILENT = (
    "in another stall the server also ended a client that reads everything and sends nothing: the reason "
    "of this end may be the client's silence, and not the stall"
)


def summarize_probe(
    url: str, server: str, reports: Sequence[StallReport], wall_s: float, output: str
) -> ProbeResult:
    """The result of a probe, with the worst outcome of its stalls.

    Four kinds of stalls count only if there is no other: inconclusive ones; clients that answer no Ping
    or vanish, since their results are in the findings; growth that was watched for less than another
    stall needed to reach a bound; and the bound for a client that reads slowly, which is not the server's
    answer to a client that does not read.
    """
    reports = _with_doubt(reports)
    read = [one for one in reports if one.stall not in _ASIDE] or list(reports)
    conclusive = [one for one in read if one.outcome is not Outcome.INCONCLUSIVE] or read
    far = [one for one in conclusive if not any(_looked_less(one, other) for other in conclusive)]
    sure = {confidence: rank for rank, confidence in enumerate(Confidence)}
    decisive = [one for one in far if not _bounded_slow_reader(one)] or far
    worst = min(decisive, key=lambda one: (SEVERITY.index(one.outcome), sure[one.confidence]))
    found = {finding for one in reports for finding in one.findings}
    return ProbeResult(
        url=url,
        server=server,
        outcome=worst.outcome,
        confidence=worst.confidence,
        findings=tuple(finding for finding in Finding if finding in found),
        summary=worst.summary,
        stalls=tuple(reports),
        further=further_of(reports),
        wall_s=round(wall_s, 3),
        server_output=output,
    )


def _with_doubt(reports: Sequence[StallReport]) -> Sequence[StallReport]:
    """The reports with low confidence for ended clients, if the server also ended a client that reads
    everything and sends nothing. The stalled clients send nothing either, and may have been ended for that
    reason.
    """
    if not any(cut.who is Healthy.SILENT_CONTROL for one in reports for cut in one.cuts):
        return reports
    return [
        replace(one, confidence=Confidence.LOW, evidence=(*one.evidence, _SILENT))
        if one.ended_by is not None and one.outcome in _BOUNDS and _SILENT not in one.evidence
        else one
        for one in reports
    ]


def _bounded_slow_reader(report: StallReport) -> bool:
    """Whether the client went on reading, and the server neither kept everything nor harmed others."""
    return STALLS[report.stall].healthy and standing_of(report.outcome, ()) is Assessment.DEFENDED


def _looked_less(one: StallReport, other: StallReport) -> bool:
    """Whether ``one`` was watched for fewer bytes or seconds of growth than ``other`` needed to reach its
    bound.
    """
    if one.outcome is not Outcome.GROWTH or other.outcome not in _BOUNDS:
        return False
    return one.held_bytes <= other.held_bytes or one.watched_s <= other.watched_s
