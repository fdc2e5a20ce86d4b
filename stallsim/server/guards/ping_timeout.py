"""A guard by WebSocket keepalive: a Ping without a Pong ends the connection."""

from ...units import Seconds
from ._base import Disconnection, Guard, StateTimes


class PingTimeout(Guard, frozen=True):
    """Send a Ping every ``interval``; end the connection if a Ping has had no Pong for ``timeout``.

    The guard detects a client that has stopped reading, once that client can no longer read the Ping, and
    a client that is gone. The way it ends the connection matters as much: with ``end = "close"`` the
    Close waits behind the queue, and the connection stays. ``websockets``, uvicorn and socket.io have it
    on by default (20/20, 20/20, 25/20 s).
    """

    interval: Seconds = 20.0
    """The time from one Ping to the next."""
    timeout: Seconds = 20.0
    """The longest time that a Ping may wait for its Pong."""
    end: Disconnection = Disconnection.ABORT
    """How the connection is ended: by an abort, or by a Close that may wait behind the queue."""

    @property
    def ends_by(self) -> Disconnection:
        return self.end

    @property
    def ping_interval_s(self) -> float:
        return self.interval

    def due(self, times: StateTimes) -> bool:
        return times.longer(times.unanswered_s, self.timeout)
