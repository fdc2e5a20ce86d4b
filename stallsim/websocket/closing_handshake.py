"""The closing handshake (RFC 6455 7): who has said Close, and since when it is under way."""


class ClosingHandshake:
    """Our Close goes out behind all that is queued; when the peer's has come, nothing else may."""

    def __init__(self) -> None:
        self.since: float | None = None
        """When either side began it; None while nobody has."""
        self._wanted: int | None = None
        """The code of our own Close that has not been sent."""
        self.answered = False
        """The peer's Close has come: when ours is sent too, TCP may end."""

    def begin(self, code: int, now: float) -> None:
        """Our own wish to close."""
        self.since, self._wanted = now, code

    def answer(self, now: float) -> None:
        """The peer's Close has come: whether it is the answer to ours or the first, two are enough."""
        self.since = now if self.since is None else self.since
        self._wanted, self.answered = None, True

    def take(self) -> int | None:
        """The code of our own Close, once, when nothing is left before it."""
        wanted, self._wanted = self._wanted, None
        return wanted
