"""The closing handshake (RFC 6455 7): which side has sent Close, and since when it is in progress."""


class ClosingHandshake:
    """This end's Close is sent after all queued bytes; once the peer's has come, nothing but a Close is
    sent.
    """

    def __init__(self) -> None:
        self.since: float | None = None
        """When either side began the handshake; None if neither has."""
        self._wanted: int | None = None
        """The code of this end's Close that has not been sent; None if there is none."""
        self.answered = False
        """Whether the peer's Close has come; once this end's is sent, too, TCP may end."""

    def begin(self, code: int, now: float) -> None:
        """Begin the closing handshake from this end."""
        self.since, self._wanted = now, code

    def answer(self, now: float) -> None:
        """Note the peer's Close, be it the answer or the first one."""
        self.since = now if self.since is None else self.since
        self._wanted, self.answered = None, True

    def take(self) -> int | None:
        """Return the code of this end's Close, once, when nothing is left before it."""
        wanted, self._wanted = self._wanted, None
        return wanted
