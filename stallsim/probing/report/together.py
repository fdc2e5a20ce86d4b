"""Makes the reports of all stalls of one server together: what a control has shown after one stall, when no
client was stalled, holds for the others, too, and so does a bound.
"""

from collections.abc import Sequence

from ...timeline.probed.result import StallReport
from ..judging.doubt import with_all_controls
from ..judging.judge import judge_stall
from ..observe.observation import Observation
from .report import report_of
from .same_bound import with_the_same_bound


def reports_of(observations: Sequence[Observation]) -> list[StallReport]:
    """One report for each observation, in order."""
    return with_the_same_bound(
        [report_of(one, judge_stall(one)) for one in with_all_controls(observations)]
    )
