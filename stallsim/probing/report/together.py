"""Makes the reports of all stalls of one server together: what a control has shown after one stall, when no
client was stalled, holds for the others, too.
"""

from collections.abc import Sequence

from ...timeline.probed.result import StallReport
from ..judging.doubt import with_all_controls
from ..judging.judge import judge_stall
from ..observe.observation import Observation
from .report import report_of


def reports_of(observations: Sequence[Observation]) -> list[StallReport]:
    """One report for each observation, in order."""
    return [report_of(one, judge_stall(one)) for one in with_all_controls(observations)]
