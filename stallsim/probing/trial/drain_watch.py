"""Decides how long both clients are watched after the wake: until it is clear what still comes."""

from typing import Protocol

from ...timeline.outside import Look
from ..client.message_log import MessageLog
from ..observe.observer import stands_still
from ..observe.pace import refused
from ..observe.silence import own_seconds
from .drain_rates import DrainRate, DrainRates
from .late_stream import LateStream

_STEADY_S = 0.6
"""A client that receives no faster than the stream this many seconds after the wake does not catch up."""
_STEADY_GAPS = 3
"""The least of these seconds, in multiples of the stream's longest gap before the stall."""
_AFTER_S = 0.3
"""Seconds for which the watch goes on after the client has caught up."""
_MAX_S = 3.0
"""Seconds of the longest watch, to which the time for the client's lag is added."""
_PACE_MIN = 20e6
"""The least rate, in bytes per second, at which a client is expected to receive what it lacks."""
_MESSAGES_MIN = 20e3
"""The least rate, in messages per second, at which a client is expected to receive what it lacks."""
_PACES_MAX_S = 60.0
"""The most seconds that are added for the client's lag."""
_FROZEN_MAX_S = 15.0
"""The longest watch while neither client receives anything, although the stalled client lacks bytes."""
_FASTER_MAX_S = 30.0
"""The longest time for which a client is watched that still receives more than the witness."""
_FLOOD = 0.9
"""If both streams have unread bytes at this share of the looks, this program cannot read
them fast enough.
"""
_FLOOD_MAX_S = 5.0
"""Seconds for which both clients are watched then."""
_LATE_MIN_S = 3.0
"""The least seconds for which a stream that comes late, at its own pace, is watched for a gap."""
_LATE_MAX_S = 15.0
"""The most seconds of that."""
_LATE_SHARE = 1.5
"""The length of that watch as a multiple of the stall's."""
_RATED_S = 0.5
"""Seconds for which a stream that stood still in the stall is watched once it goes on, even if the stalled
client's connection has ended.
"""
_SILENT_S = 0.2
"""If the witness receives nothing for this many seconds when the stalled client has caught up, the server
may be busy because of that, and the watch goes on.
"""
_SILENT_GAPS = 2
"""The silence must also be this many times the stream's longest gap."""
_RESUME_S = 1.5
"""Seconds for which either client's silent stream is waited for."""
_RESUME_GAPS = 3
"""The least of these seconds, in multiples of the stream's longest gap before the stall."""


class Client(Protocol):
    """The properties of a client that this module uses."""

    @property
    def log(self) -> MessageLog:
        """The messages that the client received."""

    @property
    def ended(self) -> object | None:
        """How the client's stream ended; None if it goes on."""


class DrainWatch:
    """Decides whether bytes may still come that would change the result."""

    def __init__(
        self,
        before: Look,
        *,
        first: Look,
        gap_s: float,
        pace: float,
        usual_per_s: float,
        witness: Client,
        stalled: Client,
        witness_joined: int,
    ) -> None:
        """``before``: the look at the wake. ``first``: the look at which the stall began. ``gap_s``: the
        longest pause of the stream before the stall. ``usual_per_s``: its bytes per second.
        ``witness_joined``: messages that the witness had when the stalled client joined.
        """
        self._witness, self._stalled, self._before = witness, stalled, before
        self._steady_s = max(_STEADY_S, _STEADY_GAPS * gap_s)
        self._resume_s = max(_RESUME_S, _RESUME_GAPS * gap_s)
        self._silent_s = max(_SILENT_S, _SILENT_GAPS * gap_s)
        self._stood_still = stands_still(before, gap_s)
        log = witness.log
        behind = refused(first, before, pace) + (before.outq_bytes or 0) + before.rcvq_bytes
        messages = log.messages - stalled.log.messages
        paces_s = max(0.0, behind) / _PACE_MIN + messages / _MESSAGES_MIN
        self._limit_s = self._steady_s + _MAX_S + min(_PACES_MAX_S, paces_s)
        self._rates = DrainRates(before, first, gap_s, pace, usual_per_s, log)
        self._looks = self._unread = 0
        self._caught_up_s: float | None = None
        self._late = LateStream(log, stalled.log, witness_joined)
        self.draining = self.forgotten = False

    @property
    def caught_up(self) -> bool:
        """Whether the stalled client has received everything that the witness has received."""
        return self._caught_up_s is not None

    def over(self, now: Look, since_s: float) -> bool:
        """Whether the watch can end at this look, ``since_s`` seconds after the wake."""
        self._rates.add(now)
        self._looks += 1
        self._unread += bool(now.rcvq_bytes and now.witness_rcvq_bytes)
        if self._witness.ended:
            return True
        resumed = now.witness_bytes > self._before.witness_bytes
        if self._stood_still and since_s < (_RATED_S if resumed else self._resume_s):
            return False
        if self._stalled.ended:
            return True
        rate, own_s = self._rates.measure(now, since_s), own_seconds(self._before, now)
        if rate.caught_up and self._caught_up_s is None:
            self._caught_up_s = since_s
        if self._caught_up_s is not None and since_s - self._caught_up_s >= _AFTER_S:
            return not self._silent_s < now.witness_idle_s < self._resume_s
        if not self.caught_up and since_s >= self._steady_s and rate.no_faster and not rate.frozen:
            return own_s >= self._hopeless_s(now, rate)
        if not self.caught_up and not rate.no_faster and own_s < _FASTER_MAX_S:
            return False
        if own_s < (max(_FROZEN_MAX_S, self._limit_s) if rate.frozen and rate.lags else self._limit_s):
            return False
        self.draining = not (rate.served and rate.no_faster) and not self.caught_up
        return True

    def _hopeless_s(self, now: Look, rate: DrainRate) -> float:
        """Seconds after the wake at which a client that does not catch up is watched no longer."""
        self.forgotten = rate.served and not rate.receives
        self.draining = not rate.served
        hopeless_s = self._resume_s if self.forgotten else 0.0
        if self.draining or (not self.forgotten and self._late.is_shared()):
            hopeless_s = max(_LATE_MIN_S, min(_LATE_MAX_S, _LATE_SHARE * self._before.at_s))
        if rate.unread:
            flood = self._unread >= _FLOOD * self._looks
            hopeless_s = min(self._limit_s, _FLOOD_MAX_S) if flood else max(hopeless_s, self._limit_s)
        if self._rates.catches_up(unread=now.rcvq_bytes + now.witness_rcvq_bytes):
            hopeless_s = max(hopeless_s, _FASTER_MAX_S)
        return hopeless_s
