"""The two clients of a trial and who watches them: what the steps of a trial have in common."""

from collections.abc import Callable
from dataclasses import dataclass

from ..client.reader import Reader
from ..evidence.observation import Baseline
from ..evidence.stage import Tell
from ..sight.eyes import Eyes, Sight
from ..sight.gauges import Gauges
from ..spec import ProbeSpec
from ..stalls import Stall


@dataclass(frozen=True)
class Scene:
    """Set once the baseline has been taken."""

    spec: ProbeSpec
    stall: Stall
    witness: Reader
    stalled: Reader
    eyes: Eyes
    sight: Sight
    witness_joined: int
    """What the witness had read when the other joined, in messages."""
    gauges: Gauges
    apart: bool
    """The two are served by different processes of one pool."""
    baseline: Baseline
    pace: float
    """What the stalled client's stream is to be measured by: its bytes for each of the witness's."""
    server_gone: Callable[[], bool]
    tell: Tell
