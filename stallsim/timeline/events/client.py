"""What a client intends, and does."""

from .body import EventBody


class Sleeps(EventBody, frozen=True, kw_only=True):
    """The client's application sleeps; its network process may read on for a while."""

    asleep: str
    """How the application sleeps, in words."""


class StopsReading(EventBody, frozen=True, kw_only=True):
    """The client intends to stop reading. Whether it is stalled is for the kernel to confirm
    (``Stalled``).
    """

    read_bytes: int
    held_bytes: int


class ReadsSlowly(EventBody, frozen=True, kw_only=True):
    """The client intends to read no faster than this from now on."""

    rate: int | None = None
    """Bytes per second."""
    share: float | None = None
    """The share of the stream that the client reads."""


class Vanishes(EventBody, frozen=True, kw_only=True):
    """From now on no segment reaches the client."""


class NetworkDown(EventBody, frozen=True, kw_only=True):
    """No segment reaches the client for some time."""


class NetworkUp(EventBody, frozen=True, kw_only=True):
    """Segments reach the client again."""


class AnswersNoPing(EventBody, frozen=True, kw_only=True):
    """A probe's client intends to answer no Ping from now on."""


class Wakes(EventBody, frozen=True, kw_only=True):
    """The client's application reads again."""


class HalfCloses(EventBody, frozen=True, kw_only=True):
    """The client sends FIN and stays connected (RFC 9293 3.6.1)."""


class CloseIgnored(EventBody, frozen=True, kw_only=True):
    """The client has read the server's Close and does not answer it."""


class Leaves(EventBody, frozen=True, kw_only=True):
    """The client ends TCP without waiting for the server."""

    how: str


class EndSeen(EventBody, frozen=True, kw_only=True):
    """The client has read the server's end of the connection."""

    how: str
    """``close`` (the frame), ``fin``, ``reset``; for a probe, as in ``Ended.how``."""
    code: int | None = None
    reason: str | None = None


ClientEvent = (
    Sleeps | StopsReading | ReadsSlowly | Vanishes | NetworkDown | NetworkUp | AnswersNoPing | Wakes
    | HalfCloses | CloseIgnored | Leaves | EndSeen
)  # fmt: skip
