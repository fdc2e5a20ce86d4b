"""What happens to a fleet."""

from ...kinds import ParkedEnding
from .body import EventBody


class FleetGrows(EventBody, frozen=True, kw_only=True):
    """The fleet opens more parked clients, up to this number."""

    clients: int


class ClientsRefused(EventBody, frozen=True, kw_only=True):
    """Clients of one worker that were refused since the reading before."""

    clients: int
    reason: str
    worker: str = ""


class ClientsUnanswered(EventBody, frozen=True, kw_only=True):
    """Clients of one worker that were not answered in time since the reading before."""

    clients: int
    given: str
    """What they received instead, and within which time."""
    worker: str = ""


class ClientsEnded(EventBody, frozen=True, kw_only=True):
    """Parked clients of one worker that the server has ended since the reading before."""

    clients: int
    how: ParkedEnding
    worker: str = ""


class HandshakesWait(EventBody, frozen=True, kw_only=True):
    """Clients that are opening have waited this long for an answer, and no other client received one."""

    clients: int
    for_s: float
    why: str = ""
    """What the server lacks, if that is known; empty: it is not."""


class WorkerLost(EventBody, frozen=True, kw_only=True):
    """A worker has ended or cannot be reached; its clients are lost with it."""

    worker: str
    clients: int
    after_s: float
    """Seconds since the worker's last answer."""
    reopened: bool
    """Whether the other workers open as many clients instead; otherwise these are missing."""


class FleetWakes(EventBody, frozen=True, kw_only=True):
    """A share of the parked clients reads again."""

    share: float


class FleetStops(EventBody, frozen=True, kw_only=True):
    """The fleet stops growing before it has reached its planned size."""

    reason: str
    wall: str
    """The limit that it has reached (``fleet.result.Wall``); ``none``: none of them."""


FleetEvent = (
    FleetGrows | ClientsRefused | ClientsUnanswered | ClientsEnded | HandshakesWait | WorkerLost
    | FleetWakes | FleetStops
)  # fmt: skip
