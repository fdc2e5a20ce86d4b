"""Decides how long both clients are watched after the wake: until it is clear what still comes."""

from collections import deque
from typing import Protocol

from msgspec.structs import replace

from ...timeline.outside import Look
from ..client.message_log import MessageLog
from ..observe.observer import LOOK_S, stands_still
from ..observe.pace import refused
from ..observe.silence import own_seconds
from .late_stream import LateStream

_STEADY_S = 0.6
"""A client that receives no faster than the stream this many seconds after the wake does not catch up."""
_STEADY_GAPS = 3
"""The least of these seconds, in multiples of the stream's longest gap before the stall."""
_WINDOW_S = 0.4
"""Seconds over which the rates of both streams are measured."""
_WINDOW_GAPS = 2
"""The least of these seconds, in multiples of the stream's longest gap before the stall."""
_FASTER = 1.2
"""A client that receives more than this many times the stream's rate is catching up."""
_HASTE = 2.0
"""If the witness receives more than this many times its usual rate, it is catching up itself, and its rate
is not the stream's.
"""
_CAUGHT_UP_S = 0.05
"""A client has caught up if it lacks no more than the stream carries in this many seconds."""
_CAUGHT_UP_MESSAGES = 3
"""A client has also caught up if it lacks no more than this many messages."""
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
_CATCHES_UP_S = 5.0
"""Seconds over which a client must catch up; on a busy machine it may not do so at each look."""
_CATCHES_UP = 0.05
"""The share by which the client's lag must shrink in that time."""
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
        self._first, self._pace, self._usual_per_s = first, pace, usual_per_s
        self._witness, self._stalled = witness, stalled
        self._window_s = max(_WINDOW_S, _WINDOW_GAPS * gap_s)
        self._steady_s = max(_STEADY_S, _STEADY_GAPS * gap_s)
        self._resume_s = max(_RESUME_S, _RESUME_GAPS * gap_s)
        self._silent_s = max(_SILENT_S, _SILENT_GAPS * gap_s)
        self._stood_still = stands_still(before, gap_s)
        self._before = before
        log = witness.log
        self._near_bytes = _CAUGHT_UP_MESSAGES * log.payload_bytes / max(1, log.messages)
        behind = refused(self._first, before, pace) + (before.outq_bytes or 0) + before.rcvq_bytes
        messages = log.messages - stalled.log.messages
        paces_s = max(0.0, behind) / _PACE_MIN + messages / _MESSAGES_MIN
        self._limit_s = self._steady_s + _MAX_S + min(_PACES_MAX_S, paces_s)
        self._recent: deque[Look] = deque([before])
        self._looks = self._unread = 0
        self._lags: deque[tuple[float, float]] = deque()
        """Times after the wake and the client's lag in bytes, for the last ``_CATCHES_UP_S`` seconds."""
        self._caught_up_s: float | None = None
        self._late = LateStream(log, stalled.log, witness_joined)
        self.draining = self.forgotten = False

    @property
    def caught_up(self) -> bool:
        """Whether the stalled client has received everything that the witness has received."""
        return self._caught_up_s is not None

    def over(self, now: Look, since_s: float) -> bool:
        """Whether the watch can end at this look, ``since_s`` seconds after the wake."""
        recent = self._recent
        recent.append(now)
        self._looks += 1
        self._unread += bool(now.rcvq_bytes and now.witness_rcvq_bytes)
        while now.at_s - recent[0].at_s > self._window_s:
            recent.popleft()
        if self._witness.ended:
            return True
        resumed = now.witness_bytes > self._before.witness_bytes
        if self._stood_still and since_s < (_RATED_S if resumed else self._resume_s):
            return False
        if self._stalled.ended:
            return True
        own_s = own_seconds(self._before, now)
        span = max(LOOK_S, now.at_s - recent[0].at_s)
        witness_per_s = (now.witness_bytes - recent[0].witness_bytes) / span
        stalled_per_s = (now.received_bytes - recent[0].received_bytes) / span
        now_read = replace(now, outq_bytes=0)
        lag = refused(self._first, now_read, self._pace)
        # a pace below 1 may be that of a client that was late before its stall: it makes no lag shrink
        self._lags.append((since_s, refused(self._first, now_read, max(1.0, self._pace))))
        while since_s - self._lags[0][0] > _CATCHES_UP_S:
            self._lags.popleft()
        near_bytes = max(self._near_bytes, _CAUGHT_UP_S * witness_per_s)
        hasty = witness_per_s > _HASTE * self._usual_per_s > 0.0
        stream_per_s = self._usual_per_s if hasty else witness_per_s
        no_faster = stalled_per_s <= _FASTER * self._pace * stream_per_s
        # what the server sends on joining comes in addition to the bytes that the witness received
        through = lag >= -near_bytes or no_faster
        if lag <= near_bytes and through and (now.outq_bytes or 0) <= near_bytes and not now.rcvq_bytes:
            self._caught_up_s = since_s if self._caught_up_s is None else self._caught_up_s
        if self._caught_up_s is not None and since_s - self._caught_up_s >= _AFTER_S:
            return not self._silent_s < now.witness_idle_s < self._resume_s
        frozen = not witness_per_s and not stalled_per_s
        # if bytes wait for the client at all times, in its kernel or the server's, the client is the slow
        # end
        waiting = any(not one.rcvq_bytes and (one.outq_bytes or 0) <= self._near_bytes for one in recent)
        if since_s >= self._steady_s and no_faster and not frozen and self._caught_up_s is None:
            self.forgotten = waiting and not stalled_per_s
            self.draining = not waiting
            hopeless_s = self._resume_s if self.forgotten else 0.0
            if self.draining or (not self.forgotten and self._late.is_shared()):
                hopeless_s = max(_LATE_MIN_S, min(_LATE_MAX_S, _LATE_SHARE * self._before.at_s))
            if all(one.rcvq_bytes for one in recent):  # this program reads too slowly
                flood = self._unread >= _FLOOD * self._looks
                hopeless_s = min(self._limit_s, _FLOOD_MAX_S) if flood else max(hopeless_s, self._limit_s)
            if self._catches_up(unread=now.rcvq_bytes + now.witness_rcvq_bytes):
                hopeless_s = max(hopeless_s, _FASTER_MAX_S)
            return own_s >= hopeless_s
        if not no_faster and self._caught_up_s is None and own_s < _FASTER_MAX_S:
            return False
        if own_s >= (max(_FROZEN_MAX_S, self._limit_s) if frozen and lag > 0 else self._limit_s):
            self.draining = not (waiting and no_faster) and self._caught_up_s is None
            return True
        return False

    def _catches_up(self, unread: int) -> bool:
        """Whether the client's lag has shrunk in the last seconds, by more than the bytes that this program
        itself has not read, whose number varies.
        """
        (then_s, before), (now_s, lag) = self._lags[0], self._lags[-1]
        return now_s - then_s > _CATCHES_UP_S / 2 and before - lag > max(_CATCHES_UP * before, unread)
