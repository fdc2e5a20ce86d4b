"""What a client says of itself: intentions, of which the kernel has the last word, and what it sees."""

from ..timeline import events


class Announcer:
    """Reports, and keeps what was said last."""

    def __init__(self, report: events.Report) -> None:
        self.report = report
        self.asleep = False
        self.read_bytes = 0
        """Frame bytes that the client has taken from its kernel."""
        self.held_bytes = 0
        """Of these: not yet seen by the application."""
        self._seen: set[str] = set()

    def sleeps(self, asleep: str) -> None:
        """Announce that the client's application is gone (its kernel, and perhaps more, goes on)."""
        self.asleep = True
        self.report(events.Sleeps(asleep=asleep))

    def stops_reading(self) -> None:
        """Announce the intention to stall (the kernel's confirmation is another event)."""
        self.asleep = True
        self.report(events.StopsReading(read_bytes=self.read_bytes, held_bytes=self.held_bytes))

    def wakes(self) -> None:
        """Announce that the client's application is back."""
        self.asleep = False
        self.report(events.Wakes())

    def sees_end(self, how: str, code: int | None = None) -> bytes:
        """Announce what is read of the server's end, each thing once; the bytes that follow it: none."""
        if how not in self._seen and "reset" not in self._seen:
            self._seen.add(how)
            self.report(events.EndSeen(how=how, code=code))
        return b""
