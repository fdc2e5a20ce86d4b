"""How many opening handshakes were completed, and in which time, without the wait for the others. Pure."""


class CompletedHandshakes:
    """``ordered`` and ``decided`` begin and end a time in which clients open; times are of one clock."""

    def __init__(self) -> None:
        self.count = 0
        self._before_s = 0.0
        self._began_s: float | None = None
        self._last_s = 0.0

    @property
    def seconds(self) -> float:
        """From each order on until the last handshake of it that was completed so far."""
        return self._before_s + (0.0 if self._began_s is None else self._last_s - self._began_s)

    def ordered(self, now_s: float) -> None:
        """More clients are to open."""
        if self._began_s is None:
            self._began_s = self._last_s = now_s

    def add(self, now_s: float) -> None:
        """One more is complete."""
        self.count += 1
        self._last_s = now_s

    def decided(self) -> None:
        """Of every client that was ordered it is known whether it opens."""
        self._before_s, self._began_s = self.seconds, None
