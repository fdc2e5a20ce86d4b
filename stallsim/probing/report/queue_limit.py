"""Applies a limit on the bytes that a server holds for one client (``max_queue``).

There are three answers for each stall. The limit is exceeded if the server certainly held more. It is kept
if the server showed a bound and certainly held no more. Otherwise the answer is not known.
"""

from collections.abc import Iterator

from ...timeline.probed.outcomes import Outcome
from ...timeline.probed.result import ProbeResult, StallReport
from ...units import format_size
from ..judging.by_memory import FLAT
from ..stalls import STALLS
from .held_words import held_words
from .looked import is_hidden
from .same_bound import holds_more

_BOUNDED = (
    Outcome.DISCONNECTS,
    Outcome.BOUNDED_DROPS,
    Outcome.BACKPRESSURE_ISOLATED,
    Outcome.BLOCKS_EVERYONE,
)
_GROWING = (Outcome.UNBOUNDED_GROWTH, Outcome.GROWTH)
_REASONS = {
    Outcome.DISCONNECTS: "it ended the connection, and whether it had kept or dropped the messages that "
    "never came is not known",
    Outcome.BOUNDED_DROPS: "some of the messages that never came may have waited for a time",
    Outcome.BACKPRESSURE_ISOLATED: "some of the messages that came late may have been made late",
    Outcome.BLOCKS_EVERYONE: "the messages do not show which of them waited",
}
_BY_MEMORY = "only the growth of the process's memory shows that messages were held"
_LATE = "the process's memory had not grown with the messages that came late, which may have been made late"
_NO_BOUND = "the messages that waited are from every part of the stall, so no bound was seen"
_JOINING = "what the server still had to send on joining when it ended the connection is not known"
_HIDDEN = "the server's kernel could not be read, and an unknown part of this may have waited there"


def exceeded(report: StallReport, limit: int) -> bool:
    """Whether the server certainly held more than the limit."""
    return report.held_bytes_min > limit


def kept(report: StallReport, limit: int) -> bool:
    """Whether the stall shows a bound that is not above the limit."""
    return _shows_a_bound(report) and report.held_bytes_max is not None and report.held_bytes_max <= limit


def kept_in(result: ProbeResult, limit: int) -> StallReport | None:
    """The stall that shows that the server keeps the limit; None if there is none. A bound is the server's:
    if it certainly held more in another stall, the upper limit is only that of this stall.
    """
    for one in result.stalls:
        most = one.held_bytes_max
        if (
            kept(one, limit)
            and most is not None
            and not any(holds_more(other, most) for other in result.stalls)
        ):
            return one
    return None


def exceeded_words(report: StallReport, limit: int) -> str:
    """The sentence for a limit that the server has exceeded."""
    least = "" if report.held_bytes_max == report.held_bytes_min else "at least "
    return f"the server held {least}{format_size(report.held_bytes_min)}, more than {format_size(limit)}"


def not_known_words(result: ProbeResult, limit: int) -> str:
    """Why no stall shows whether the limit is kept or exceeded."""
    late = max((one.held_bytes for one in result.stalls if one.outcome is Outcome.INCONCLUSIVE), default=0)
    unclear = [one for one in result.stalls if _is_unclear(one, limit)]
    if unclear:
        return f"not known: {_unclear_words(unclear[0])}"
    if late > limit:
        return (
            f"the client received {format_size(late)} after the wake, and whether the server had held them "
            "is not known"
        )
    most = max((one.refused_bytes for one in result.stalls), default=0)
    return f"the kernels refused no more than {format_size(most)}, and no bound was seen"


def queue_notes(result: ProbeResult, limit: int) -> Iterator[str]:
    """A note for each stall that leaves the limit open, if another stall shows that it is kept."""
    shown = kept_in(result, limit)
    if shown is not None:
        for one in result.stalls:
            if _is_unclear(one, limit):
                yield (
                    f"{_unclear_words(one)}; the limit counts as kept, since the server held "
                    f"{held_words(shown)} in {shown.stall}, and a bound is the server's"
                )


def _shows_a_bound(report: StallReport) -> bool:
    return report.outcome in _BOUNDED and not STALLS[report.stall].aside


def _is_unclear(report: StallReport, limit: int) -> bool:
    """Whether the limit is between what was held at least and at most."""
    if exceeded(report, limit):
        return False
    if report.outcome in _GROWING:
        return report.held_bytes > limit
    return _shows_a_bound(report) and not kept(report, limit)


def _unclear_words(report: StallReport) -> str:
    least, most = format_size(report.held_bytes_min), report.held_bytes_max
    if most is None:
        held = f"at least {least}" if report.held_bytes_min else "an unknown number of bytes"
        reason = _NO_BOUND if report.outcome is Outcome.BOUNDED_DROPS else _JOINING
    else:
        held = f"between {least} and {format_size(most)}"
        reason = _growing_reason(report) if report.outcome in _GROWING else _REASONS[report.outcome]
        if is_hidden(report) and report.outcome is not Outcome.DISCONNECTS:
            reason = _HIDDEN
    grown = report.figure("memory_growth_bytes")
    memory = "" if grown is None else f"; the process's memory changed by {format_size(grown)} meanwhile"
    return f"in {report.stall} the server held {held}: {reason}{memory}"


def _growing_reason(report: StallReport) -> str:
    grown = report.amplification
    return _LATE if grown is not None and grown < FLAT else _BY_MEMORY
