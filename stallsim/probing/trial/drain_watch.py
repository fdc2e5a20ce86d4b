"""How long both clients are watched after the wake: until it is clear what still comes."""

from collections import deque
from typing import Protocol

from msgspec.structs import replace

from ...timeline.outside import Look
from ..client.message_log import MessageLog
from ..observe.observer import LOOK_S, stands_still
from ..observe.pace import refused
from ..observe.silence import own_seconds
from .late_stream import LateStream

_STEADY_S, _WINDOW_S = 0.6, 0.4
_STEADY_GAPS, _WINDOW_GAPS = 3, 2
_FASTER = 1.2
_HASTE = 2.0
"""If the witness receives so many times its usual stream, then it is catching up itself, and is no measure
of the stream.
"""
_CAUGHT_UP_S, _CAUGHT_UP_MESSAGES, _AFTER_S = 0.05, 3, 0.3
_MAX_S, _PACE_MIN, _MESSAGES_MIN, _FROZEN_MAX_S = 3.0, 20e6, 20e3, 15.0
_PACES_MAX_S = 60.0
"""The longest drain in seconds, however far behind the client is."""
_FASTER_MAX_S = 30.0
"""The longest time for which a client is watched that still receives more than the witness."""
_CATCHES_UP_S, _CATCHES_UP = 5.0, 0.05
"""On a busy machine it is behind by such a part less after some seconds, though not at each moment."""
_FLOOD, _FLOOD_MAX_S = 0.9, 5.0
"""If some of either stream lies unread at such a part of the looks, then this program cannot read it: it
does so for so long only.
"""
_LATE_MIN_S, _LATE_MAX_S, _LATE_SHARE = 3.0, 15.0, 1.5
"""As a share of the stall's length: so long a stream is watched that comes late at its own pace, since a
gap may still follow.
"""
_RATED_S = 0.5
"""A stream that stood still during the stall is watched for so long when it goes on, though the stalled
client's connection has ended.
"""
_SILENT_S, _SILENT_GAPS = 0.2, 2
"""If the witness receives nothing for so long when the other has caught up, then the server may be busy
with what it does on that: it is waited for.
"""
_RESUME_S, _RESUME_GAPS = 1.5, 3
"""So long a silent stream is waited for, the witness's or the other's."""


class Client(Protocol):
    """What is asked of a client."""

    @property
    def log(self) -> MessageLog:
        """What it was given."""

    @property
    def ended(self) -> object | None:
        """How its stream ended; None: it goes on."""


class DrainWatch:
    """Whether something may still come that would change the result."""

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
        """``before``: the look at the wake; ``first``: the one at which the stall began; ``gap_s``: the
        longest pause of the stream before it, and ``usual_per_s`` its bytes a second; ``witness_joined``:
        how many messages the witness had then.
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
        """How far the client was behind, with the time, for some seconds."""
        self._caught_up_s: float | None = None
        self._late = LateStream(log, stalled.log, witness_joined)
        self.draining = self.forgotten = False

    @property
    def caught_up(self) -> bool:
        """Whether the stalled client has received what the witness has."""
        return self._caught_up_s is not None

    def over(self, now: Look, since_s: float) -> bool:
        """Whether that is so at this sample, so many seconds after the wake."""
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
        lag = refused(self._first, replace(now, outq_bytes=0), self._pace)
        self._lags.append((since_s, lag))
        while since_s - self._lags[0][0] > _CATCHES_UP_S:
            self._lags.popleft()
        near_bytes = max(self._near_bytes, _CAUGHT_UP_S * witness_per_s)
        hasty = witness_per_s > _HASTE * self._usual_per_s > 0.0
        stream_per_s = self._usual_per_s if hasty else witness_per_s
        no_faster = stalled_per_s <= _FASTER * self._pace * stream_per_s
        # what it was sent on joining comes on top of what the witness was given
        through = lag >= -near_bytes or no_faster
        if lag <= near_bytes and through and (now.outq_bytes or 0) <= near_bytes and not now.rcvq_bytes:
            self._caught_up_s = since_s if self._caught_up_s is None else self._caught_up_s
        if self._caught_up_s is not None and since_s - self._caught_up_s >= _AFTER_S:
            return not self._silent_s < now.witness_idle_s < self._resume_s
        frozen = not witness_per_s and not stalled_per_s
        # where bytes wait for the client all the time, in its kernel or in the server's, it is the slow one
        waiting = any(not one.rcvq_bytes and (one.outq_bytes or 0) <= self._near_bytes for one in recent)
        if since_s >= self._steady_s and no_faster and not frozen and self._caught_up_s is None:
            self.forgotten = waiting and not stalled_per_s
            self.draining = not waiting
            hopeless_s = self._resume_s if self.forgotten else 0.0
            if self.draining or (not self.forgotten and self._late.is_shared()):
                hopeless_s = max(_LATE_MIN_S, min(_LATE_MAX_S, _LATE_SHARE * self._before.at_s))
            if all(one.rcvq_bytes for one in recent):  # it is this program that reads too slowly
                flood = self._unread >= _FLOOD * self._looks
                hopeless_s = min(self._limit_s, _FLOOD_MAX_S) if flood else max(hopeless_s, self._limit_s)
            if self._catches_up(since_s, lag):
                hopeless_s = max(hopeless_s, _FASTER_MAX_S)
            return own_s >= hopeless_s
        if not no_faster and self._caught_up_s is None and own_s < _FASTER_MAX_S:
            return False
        if own_s >= (max(_FROZEN_MAX_S, self._limit_s) if frozen and lag > 0 else self._limit_s):
            self.draining = not (waiting and no_faster) and self._caught_up_s is None
            return True
        return False

    def _catches_up(self, since_s: float, lag: float) -> bool:
        """Whether less is left to come than some seconds ago."""
        then_s, before = self._lags[0]
        return since_s - then_s > _CATCHES_UP_S / 2 and lag < (1 - _CATCHES_UP) * before
