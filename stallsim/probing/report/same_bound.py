"""Compares what the server held in all its stalls: a bound is the server's, so every stall must keep it."""

from collections.abc import Sequence

from msgspec.structs import replace

from ...timeline.probed.outcomes import Outcome
from ...timeline.probed.result import StallReport
from ...units import format_size
from ..stalls import STALLS

_ALIKE_BYTES = 2**16
"""Two amounts that differ by fewer bytes are alike: it is the size of a usual write buffer."""
_ALIKE_SHARE = 0.1
"""So are two amounts that differ by at most this share of the larger one."""
_EMPTIED = 0.5
"""A queue that is emptied at its limit holds any amount at the wake: in one stall less than this share of
another.
"""


def holds_more(report: StallReport, bound: int) -> bool:
    """Whether the server certainly held more than ``bound`` in this stall, and not only by chance."""
    more = report.held_bytes_min - bound
    return more > max(_ALIKE_BYTES, _ALIKE_SHARE * report.held_bytes_min)


def with_the_same_bound(reports: Sequence[StallReport]) -> list[StallReport]:
    """The reports; if what waited at the wake is not the bound of a server that drops, only what the
    kernels refused limits what it held.
    """
    return [_compared(one, reports) for one in reports]


def _compared(report: StallReport, reports: Sequence[StallReport]) -> StallReport:
    most = report.held_bytes_max
    if report.outcome is not Outcome.BOUNDED_DROPS or most is None:
        return report
    larger = next((one for one in reports if holds_more(one, most)), None)
    if larger is not None:
        words = (
            f"in {larger.stall} the server held at least {format_size(larger.held_bytes_min)}: what waited "
            "here at the wake is not its bound"
        )
    elif _reads_nothing(report) and _is_emptied(reports):
        words = (
            "the stalls of this server differ in what waited at the wake: its queue may be emptied at a "
            "limit, and may have been larger before the wake"
        )
    else:
        return report
    given = report.refused_bytes + round(report.figure("joining_bytes") or 0)
    return replace(report, held_bytes_max=max(most, given), evidence=(*report.evidence, words))


def _reads_nothing(report: StallReport) -> bool:
    """Whether nothing but the server changed the queue in the stall."""
    stall = STALLS[report.stall]
    return report.outcome is Outcome.BOUNDED_DROPS and not (stall.healthy or stall.aside)


def _is_emptied(reports: Sequence[StallReport]) -> bool:
    waited = [one.held_bytes for one in reports if _reads_nothing(one)]
    most, least = max(waited, default=0), min(waited, default=0)
    return most - least > _ALIKE_BYTES and least < _EMPTIED * most
