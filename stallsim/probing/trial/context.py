"""What the steps of a stall share: the clients, and the objects that observe them."""

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
    """The clients and observers of one stall, made once the baseline is complete."""

    spec: ProbeSpec
    stall: Stall
    watch: WatchUntil
    witness: Reader
    stalled: Reader
    observer: StallObserver
    view: ServerView
    witness_joined: tuple[int, int]
    """Messages and chunks that the witness had read when the stalled client joined."""
    still_joining: bool
    """Whether one of the clients was still receiving what the server sends on joining when the baseline
    began.
    """
    witness_settled: bool
    """Whether the witness had read everything that the server sends on joining when the stalled client
    joined.
    """
    meter: PeriodMeter
    apart: bool
    """Whether different processes of one pool serve the two clients."""
    baseline: Baseline
    pace: float
    """The stalled client's bytes for each byte of the witness, as measured in the baseline."""
    silent: StreamClient | None
    """The third client, which reads everything and sends nothing; None if there is none."""
    own_lag: OwnLag
    cut_before: tuple[Cut, ...]
    """Clients that the server ended before their stall; each of them was replaced by a new one."""
    others_joined_s: float
    """The time on trio's clock when the other clients joined."""
    keepalive_s: float | None
    """Seconds for which a client that answers no Ping is to be watched; None if the user did not ask for
    that.
    """
    server_gone: Callable[[], bool]
    time_is_up: Callable[[], bool]
    """Returns whether the time for the whole probe is up; the stall then ends and is judged."""
    begins: Callable[[Period, float], None]
    """Called when the stall of a stream begins, with the measurements of the baseline and the share of that
    time that the machine withheld.
    """
    record_look: RecordLook
    server: str
    """The names of the server's software and of its processes."""
