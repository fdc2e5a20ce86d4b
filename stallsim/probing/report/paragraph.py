"""The report of a stall in one paragraph, which a failing test prints."""

from ...timeline.probed.result import StallReport
from ...units import format_size
from ...views.clean import clean
from ..stalls import STALLS

_LIMIT = 2000


def paragraph(report: StallReport, url: str) -> str:
    """The paragraph: outcome, reason, figures, waits and advice. The server's own words are escaped."""
    findings = "".join(f", {finding}" for finding in report.findings)
    growth = report.growth_bytes_per_s
    stall = f"{url}, {report.stall} (a client {report.does or STALLS[report.stall].does})"
    sentences = [
        f"{stall}: {report.outcome}{findings}, confidence {report.confidence}: {report.summary}",
        *(seen for seen in report.evidence[:1] if seen != report.summary),
        *([f"the growth was {format_size(growth)}/s"] if growth else []),
        f"waited {report.waited}",
        *(f"to do: {advice}" for advice in report.advice),
    ]
    return clean("; ".join(sentences), _LIMIT) + "."
