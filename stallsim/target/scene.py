"""The two clients of a trial and who watches them: what the steps of a trial have in common."""

from collections.abc import Callable
from dataclasses import dataclass

from .client import Reader
from .eyes import Eyes, Sight
from .gauges import Gauges
from .observation import Baseline
from .spec import ProbeSpec
from .stage import Tell
from .stalls import Stall


@dataclass(frozen=True)
class Scene:
    """Set once the baseline has been taken."""

    spec: ProbeSpec
    stall: Stall
    witness: Reader
    stalled: Reader
    eyes: Eyes
    sight: Sight
    gauges: Gauges
    apart: bool
    """The two are served by different processes of one pool."""
    baseline: Baseline
    pace: float
    """What the stalled client's stream is to be measured by: its bytes for each of the witness's."""
    server_gone: Callable[[], bool]
    tell: Tell
