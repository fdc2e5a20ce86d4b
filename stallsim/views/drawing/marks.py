"""The places in a timeline to which a replay can jump: connections, starts of phases, events."""

from .crowd import order
from .moments import Moments


class TimelineMarks:
    """The places in a timeline that may still grow; computed when a key is pressed, not for each frame."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments

    def order(self, tick: int) -> list[int]:
        """The connections that can be in focus."""
        return order(self._moments, tick)

    def phase_ticks(self, connection: int) -> list[int]:
        """The ticks at which the connection's phases began."""
        return [one.tick for one in self._moments.timeline.phases(connection)]

    def event_ticks(self) -> list[int]:
        """The ticks of everything that happened."""
        return [one.tick for one in self._moments.timeline.happenings]
