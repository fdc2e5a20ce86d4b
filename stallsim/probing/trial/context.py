"""The two clients of a trial and who watches them: what the steps of a trial have in common."""

from collections.abc import Callable
from dataclasses import dataclass

from ..client.reader import Reader
from ..client.stream_client import StreamClient
from ..measures import Cut, Period
from ..observe.observation import Baseline
from ..observe.observer import StallObserver
from ..observe.own_lag import OwnLag
from ..observe.periods import PeriodMeter
from ..observe.server_view import ServerView
from ..observe.step import RecordLook
from ..spec import ProbeSpec, WatchUntil
from ..stalls import Stall


@dataclass(frozen=True)
class TrialContext:
    """Set once the baseline has been taken."""

    spec: ProbeSpec
    stall: Stall
    watch: WatchUntil
    witness: Reader
    stalled: Reader
    observer: StallObserver
    view: ServerView
    witness_joined: tuple[int, int]
    """What the witness had read when the other joined, in messages and in chunks."""
    meter: PeriodMeter
    apart: bool
    """The two are served by different processes of one pool."""
    baseline: Baseline
    pace: float
    """What the stalled client's stream is to be measured by: its bytes for each of the witness's."""
    silent: StreamClient | None
    """The control, which reads everything and sends nothing; None: there is none."""
    own_lag: OwnLag
    cut_before: tuple[Cut, ...]
    """The clients under test that the server ended before they stalled, each of which was tried again."""
    others_joined_s: float
    """When the others came to the witness, in trio's time."""
    keepalive_s: float | None
    """For so long a client that gives no sign of life is to be watched; None: that was not asked."""
    server_gone: Callable[[], bool]
    time_is_up: Callable[[], bool]
    """The whole probe has taken as long as it may: come to an end, with what was seen."""
    begins: Callable[[Period], None]
    """Is told that the stall begins, and what the baseline took."""
    record_look: RecordLook
    server: str
    """What the server calls itself, and its processes."""
