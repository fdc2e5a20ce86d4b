"""What the steps of a stall have in common: the clients, and what observes them."""

from collections.abc import Callable
from dataclasses import dataclass

from ...timeline.probed.measures import Cut, Period
from ...timeline.probed.stall_record import Baseline
from ..client.reader import Reader
from ..client.stream_client import StreamClient
from ..observe.observer import StallObserver
from ..observe.own_lag import OwnLag
from ..observe.periods import PeriodMeter
from ..observe.server_view import ServerView
from ..observe.step import RecordLook
from ..spec import ProbeSpec, WatchUntil
from ..stalls import Stall


@dataclass(frozen=True)
class TrialContext:
    """Set once the baseline is complete."""

    spec: ProbeSpec
    stall: Stall
    watch: WatchUntil
    witness: Reader
    stalled: Reader
    observer: StallObserver
    view: ServerView
    witness_joined: tuple[int, int]
    """How much the witness had read when the other client joined, in messages and in chunks."""
    still_joining: bool
    """Whether one of the two clients was still given what it is sent on joining when the baseline began."""
    witness_settled: bool
    """Whether it had read by then all that it is sent on joining."""
    meter: PeriodMeter
    apart: bool
    """The two clients are served by different processes of one pool."""
    baseline: Baseline
    pace: float
    """The ratio by which the stalled client's stream is measured: its bytes for each byte of the witness.
    """
    silent: StreamClient | None
    """The third client, which reads everything and sends nothing; None: there is none."""
    own_lag: OwnLag
    cut_before: tuple[Cut, ...]
    """The clients under test that the server ended before they stalled; each of them was tried again."""
    others_joined_s: float
    """When the other clients joined, in trio's time."""
    keepalive_s: float | None
    """How long a client that gives no sign of life is to be watched; None: the user did not ask for that.
    """
    server_gone: Callable[[], bool]
    time_is_up: Callable[[], bool]
    """Whether the time for the whole probe is over: then the stall ends, and is judged by what was seen."""
    begins: Callable[[Period], None]
    """Called when the stall of a stream begins, with the time that the baseline took."""
    record_look: RecordLook
    server: str
    """The names of the server's software and of its processes."""
