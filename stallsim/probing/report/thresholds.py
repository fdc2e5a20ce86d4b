"""What a continuous integration run will not have: limits on a result, each broken one a sentence."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from ...errors import StallsimError, suggest
from ...units import format_seconds, format_size
from ..outcomes import Finding, Outcome
from ..result import ProbeResult, StallReport

_NAMES = [one.value for one in (*Outcome, *Finding)]


class Thresholds(Struct, frozen=True, kw_only=True):
    """None: no such limit."""

    fail_on: frozenset[str] = frozenset()
    max_queue_bytes: int | None = None
    must_close_within_s: float | None = None

    def apply(self, result: ProbeResult) -> ProbeResult:
        """The result with every limit that it breaks."""
        broken = [words for report in result.stalls for words in self._broken(report)]
        return replace(result, violations=tuple(broken))

    def _broken(self, report: StallReport) -> Iterator[str]:
        shown = [report.outcome.value, *(finding.value for finding in report.findings)]
        for name in shown:
            if name in self.fail_on:
                yield f"{report.stall}: {name} (--fail-on)"
        limit = self.max_queue_bytes
        if limit is not None and report.held_bytes > limit:
            yield (
                f"{report.stall}: the server held {format_size(report.held_bytes)}, more than "
                f"{format_size(limit)} (--max-queue)"
            )
        within = self.must_close_within_s
        if within is not None and report.stall not in ("vanishing",):
            after = report.closed_after_s
            if after is None and report.outcome is not Outcome.DISCONNECTS:
                stalled = format_seconds(max(report.stalled_s, 1e-3))
                yield (
                    f"{report.stall}: not disconnected within the {stalled} that it was watched "
                    f"(--must-close-within {format_seconds(within)})"
                )
            elif after is not None and after > within:
                yield (
                    f"{report.stall}: disconnected after {format_seconds(after)}, later than "
                    f"{format_seconds(within)} (--must-close-within)"
                )


def parse_thresholds(fail_on: str | None, max_queue: int | None, within: float | None) -> Thresholds:
    """``fail_on`` is a list with commas. Raises StallsimError for a name that is none."""
    names = [name.strip() for name in (fail_on or "").split(",") if name.strip()]
    for name in names:
        if name not in _NAMES:
            raise StallsimError(f"--fail-on: unknown outcome or finding {name!r}{suggest(name, _NAMES)}")
    return Thresholds(fail_on=frozenset(names), max_queue_bytes=max_queue, must_close_within_s=within)
