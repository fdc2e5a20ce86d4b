"""Reports a client's intentions, which the kernel must confirm, and what the client observes."""

from ..timeline.events.client import EndSeen, Sleeps, StopsReading, Wakes
from ..timeline.events.what import Report


class Announcer:
    """Reports the client's events, and stores its latest state."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.asleep = False
        self.read_bytes = 0
        """Frame bytes that the client has read from its kernel."""
        self.held_bytes = 0
        """The part of ``read_bytes`` that the application has not read yet."""
        self._seen: set[str] = set()

    def sleeps(self, asleep: str) -> None:
        """Announce that the client's application sleeps; its kernel, and perhaps more of it, goes on."""
        self.asleep = True
        self.report(Sleeps(asleep=asleep))

    def stops_reading(self) -> None:
        """Announce the intention to stall (the kernel's confirmation is another event)."""
        self.asleep = True
        self.report(StopsReading(read_bytes=self.read_bytes, held_bytes=self.held_bytes))

    def wakes(self) -> None:
        """Announce that the client's application is awake again."""
        self.asleep = False
        self.report(Wakes())

    def sees_end(self, how: str, code: int | None = None) -> bytes:
        """Announce how the server ended, each way once; return b"", since no bytes follow."""
        if how not in self._seen and "reset" not in self._seen:
            self._seen.add(how)
            self.report(EndSeen(how=how, code=code))
        return b""
