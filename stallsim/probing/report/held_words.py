"""Words for how much a server held: one number if it is known, otherwise its limits."""

from ...timeline.probed.outcomes import Outcome
from ...timeline.probed.result import StallReport
from ...units import format_size


def held_words(report: StallReport) -> str:
    """The two limits in a few words. All of them are inferred, so each has a ``~`` before it.

    Of a server that drops, the number is what waited when the client read again.
    """
    least, most = report.held_bytes_min, report.held_bytes_max
    if most is None:
        return f"at least {_about(least)}" if least else "not known"
    if _about(least) == _about(most):
        at_the_wake = " at the wake" if report.outcome is Outcome.BOUNDED_DROPS else ""
        return _about(most) + at_the_wake
    return f"between {_about(least)} and {_about(most)}" if least else f"at most {_about(most)}"


def _about(size: int) -> str:
    return f"~{format_size(size)}"
