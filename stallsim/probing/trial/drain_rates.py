"""Measures, look by look after the wake, how fast both clients receive, and what the stalled one lacks."""

from collections import deque
from typing import NamedTuple

from msgspec.structs import replace

from ...timeline.outside import Look
from ..client.message_log import MessageLog
from ..observe.observer import LOOK_S
from ..observe.pace import refused

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
_CATCHES_UP_S = 5.0
"""Seconds over which a client must catch up; on a busy machine it may not do so at each look."""
_CATCHES_UP = 0.05
"""The share by which the client's lag must shrink in that time."""


class DrainRate(NamedTuple):
    """The rates over the latest looks."""

    no_faster: bool
    """Whether the stalled client receives no faster than the stream."""
    caught_up: bool
    """Whether the stalled client lacks hardly anything, and nothing waits for it."""
    lags: bool
    """Whether the stalled client has received fewer bytes than the witness."""
    frozen: bool
    """Whether neither client receives anything."""
    receives: bool
    """Whether the stalled client receives anything."""
    served: bool
    """Whether there was a look at which nothing waited for the stalled client in a kernel, so that it is
    not the slow end.
    """
    unread: bool
    """Whether the stalled client had unread bytes at each look: this program reads too slowly."""


class DrainRates:
    """Takes the looks after the wake, in order."""

    def __init__(
        self, before: Look, first: Look, gap_s: float, pace: float, usual_per_s: float, log: MessageLog
    ) -> None:
        """As in ``DrainWatch``; ``log`` is the witness's."""
        self._first, self._pace, self._usual_per_s = first, pace, usual_per_s
        self._window_s = max(_WINDOW_S, _WINDOW_GAPS * gap_s)
        self._near_bytes = _CAUGHT_UP_MESSAGES * log.payload_bytes / max(1, log.messages)
        self._recent: deque[Look] = deque([before])
        self._lags: deque[tuple[float, float]] = deque()
        """Times after the wake and the client's lag in bytes, for the last ``_CATCHES_UP_S`` seconds."""

    def add(self, now: Look) -> None:
        """Add the next look."""
        self._recent.append(now)
        while now.at_s - self._recent[0].at_s > self._window_s:
            self._recent.popleft()

    def measure(self, now: Look, since_s: float) -> DrainRate:
        """The rates at the look that was added last, ``since_s`` seconds after the wake."""
        recent = self._recent
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
        nothing_waits = (now.outq_bytes or 0) <= near_bytes and not now.rcvq_bytes
        return DrainRate(
            no_faster=no_faster,
            caught_up=lag <= near_bytes and through and nothing_waits,
            lags=lag > 0,
            frozen=not witness_per_s and not stalled_per_s,
            receives=stalled_per_s > 0,
            served=any(not one.rcvq_bytes and (one.outq_bytes or 0) <= self._near_bytes for one in recent),
            unread=all(one.rcvq_bytes for one in recent),
        )

    def catches_up(self, unread: int) -> bool:
        """Whether the client's lag has shrunk in the last seconds, by more than the bytes that this program
        itself has not read, whose number varies.
        """
        (then_s, before), (now_s, lag) = self._lags[0], self._lags[-1]
        return now_s - then_s > _CATCHES_UP_S / 2 and before - lag > max(_CATCHES_UP * before, unread)
