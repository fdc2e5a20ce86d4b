"""Applies limits to a probe's result, for continuous integration, and plans how long to watch for each
limit.

A broken limit gets a sentence, and so does one that could not be tested: neither is a pass.
"""

from collections.abc import Iterator
from typing import Self

from msgspec.structs import asdict, replace

from ...timeline.outside import Limits
from ...timeline.probed.outcomes import Outcome
from ...timeline.probed.result import ProbeResult, StallReport
from ...units import format_seconds, format_size
from ..spec import WatchUntil
from .looked import further_of
from .queue_limit import exceeded, exceeded_words, kept_in, not_known_words, queue_notes

_QUEUE_S = 120.0
"""Seconds in which a queue may grow past its limit."""
_PAST, _PAST_BYTES = 1.1, 2**18
_GONE = ("vanishing",)
"""Stalls whose client leaves by itself, so that it cannot be disconnected."""
_SHORTEST_S = 1e-3


class Thresholds(Limits, frozen=True, kw_only=True):
    """The limits in a recording's header, with the functions that apply them."""

    @classmethod
    def of(cls, limits: Limits) -> Self:
        """Thresholds with the given limits."""
        return cls(**asdict(limits))

    def watch(self, usual: WatchUntil) -> WatchUntil:
        """How long to watch so that the limits are tested; ``usual`` if no limit needs a time, or outcomes
        matter.
        """
        limit, within = self.max_queue_bytes, self.must_close_within_s
        close_s = self.close_s
        if limit is None and within is None:
            return usual
        at_least_s = max(close_s, usual.seconds) if self.fail_on else close_s
        if limit is None:
            return WatchUntil(seconds=at_least_s)
        longest_s = max(_QUEUE_S, at_least_s)
        return WatchUntil(seconds=longest_s, until_bytes=_goal(limit), at_least_s=at_least_s)

    @property
    def close_s(self) -> float:
        """Seconds for which a client must be stalled to show whether it is disconnected in time."""
        within = self.must_close_within_s
        return 0.0 if within is None else WatchUntil.for_timeout(within).seconds

    def apply(self, result: ProbeResult) -> ProbeResult:
        """The result, with the broken limits and those that could not be tested."""
        untested = tuple(self._untested(result))
        further = result.further
        if untested and self.max_queue_bytes is not None and further is not None:
            further = further_of(result.stalls, _goal(self.max_queue_bytes)) or further
        broken = [f"{one.stall}: {words}" for one in result.stalls for words in self._broken(one)]
        return replace(
            result,
            violations=tuple(broken),
            untested=untested,
            further=further,
            notes=tuple(self._notes(result)),
            untested_allowed=self.allow_untested,
        )

    def _broken(self, report: StallReport) -> Iterator[str]:
        for name in _shown(report):
            if name in self.fail_on:
                yield f"{name} (`fail_on=`)"
        limit = self.max_queue_bytes
        if limit is not None and exceeded(report, limit):
            yield f"{exceeded_words(report, limit)} (`max_queue=`)"
        within = self.must_close_within_s
        if within is None or report.stall in _GONE:
            return
        after = report.closed_after_s
        if after is not None and after > within:
            yield (
                f"disconnected after {format_seconds(after)}, later than {format_seconds(within)} "
                "(`must_close_within=`)"
            )
        elif after is None and report.stalled_s >= within:
            yield (
                f"not disconnected within the {format_seconds(report.stalled_s)} of the stall "
                f"(`must_close_within=` {format_seconds(within)})"
            )

    def _notes(self, result: ProbeResult) -> Iterator[str]:
        if result.listens_everywhere and not result.private_stack:
            yield (
                "the started server listens on every interface: other machines could reach it while it "
                "ran; 127.0.0.1 is enough for a probe"
            )
        for one in result.stalls:
            yield from (f"{one.stall}: {words}" for words in self._notes_on(one))
        if self.max_queue_bytes is not None:
            yield from (f"`max_queue=`: {words}" for words in queue_notes(result, self.max_queue_bytes))

    def _notes_on(self, report: StallReport) -> Iterator[str]:
        """A note if memory grew beyond ``max_queue``. That is no violation, since memory includes what a
        process needs for itself.
        """
        limit, grown = self.max_queue_bytes, report.figure("memory_growth_bytes")
        if limit is not None and grown is not None and grown > limit >= report.held_bytes:
            yield (
                f"`max_queue=` counts the payload that is held, ~{format_size(report.held_bytes)}; the "
                f"process's memory grew by {format_size(grown)}"
            )

    def _untested(self, result: ProbeResult) -> Iterator[str]:
        """The limits that no stall has tested. One stall that shows a bound or a timeout is enough, since
        it is the server's.
        """
        outcomes = self.fail_on & {outcome.value for outcome in Outcome}
        if outcomes and result.outcome is Outcome.INCONCLUSIVE and Outcome.INCONCLUSIVE not in outcomes:
            yield f"`fail_on=` {','.join(sorted(outcomes))}: {result.summary}"
        if Outcome.UNBOUNDED_GROWTH in outcomes and result.outcome is Outcome.GROWTH not in outcomes:
            yield f"`fail_on=` {Outcome.UNBOUNDED_GROWTH}: {result.summary}"
        limit = self.max_queue_bytes
        shown = (
            limit is None or kept_in(result, limit) or any(exceeded(one, limit) for one in result.stalls)
        )
        if limit is not None and not shown:
            yield f"`max_queue=` {format_size(limit)}: {not_known_words(result, limit)}"
        within = self.must_close_within_s
        if within is not None and not any(
            one.stall not in _GONE and (one.closed_after_s is not None or one.stalled_s >= within)
            for one in result.stalls
        ):
            longest = max((one.stalled_s for one in result.stalls), default=0.0)
            yield (
                f"`must_close_within=` {format_seconds(within)}: no stall was longer than "
                f"{format_seconds(max(longest, _SHORTEST_S))}"
            )


def _goal(limit: int) -> int:
    """Bytes that must be refused to show beyond doubt that a queue exceeds its limit."""
    return round(_PAST * limit) + _PAST_BYTES


def _shown(report: StallReport) -> list[str]:
    """The outcome, an earlier reaction that harmed the others, and the findings."""
    blocked = [one.outcome.value for one in report.reactions if one.outcome is Outcome.BLOCKS_EVERYONE]
    return list(dict.fromkeys([report.outcome.value, *blocked, *map(str, report.findings)]))
