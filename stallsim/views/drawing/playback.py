"""The position in a finished run, changed by time and by keys."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Protocol

from .controls import Controls, Key, Press

RUN_SHOWN_S = 12.0
"""Seconds that a whole run takes at speed 1, however many ticks it has."""
LINGER_S = 1.5
"""Seconds for which the last frame is shown, if it does not wait for a key."""
_SPEED_MIN, _SPEED_MAX = 1 / 64, 1024.0
_TEN = 10
_DIGITS_MAX = 12
_STEPS = {Key.FORWARD: 1, Key.BACK: -1, Key.FORWARD_TEN: _TEN, Key.BACK_TEN: -_TEN}


class JumpPoints(Protocol):
    """The places in a run to which a viewer can jump."""

    def order(self, tick: int) -> list[int]:
        """The connections that can be in focus at a tick, in order."""

    def phase_ticks(self, connection: int) -> Sequence[int]:
        """The ticks at which the connection's phases began, in order."""

    def event_ticks(self) -> Sequence[int]:
        """The ticks of everything that happened, in order."""


class Playback:
    """A run of ticks 0 to ``last_tick``. With ``stays``, the last frame stays until the viewer quits."""

    def __init__(
        self, last_tick: int, marks: JumpPoints, speed: float = 1.0, *, stays: bool = False
    ) -> None:
        self._last = max(0, last_tick)
        self._marks = marks
        self._stays = stays
        self._focus = 0
        self._position = 0.0
        self._ended_s = 0.0
        self._typed = ""
        self._older = 0
        self._help = False
        self.speed = min(_SPEED_MAX, max(_SPEED_MIN, speed))
        self.paused = False
        self.quit = False

    @property
    def tick(self) -> int:
        """The tick to draw."""
        return int(self._position)

    @property
    def focus(self) -> int:
        """The connection in focus."""
        order = self._marks.order(self.tick) or [0]
        return order[self._focus % len(order)]

    @property
    def controls(self) -> Controls:
        """The choices with which to draw it."""
        return Controls(
            self.focus,
            paused=self.paused,
            ended=self._stays and self.tick >= self._last,
            speed=self.speed,
            typed=self._typed,
            older=self._older,
            help=self._help,
        )

    @property
    def over(self) -> bool:
        """Whether the viewer has quit, or the last frame has been shown for LINGER_S."""
        return self.quit or (not self._stays and self._ended_s >= LINGER_S)

    def advance(self, seconds: float) -> None:
        """Advance the time by ``seconds``."""
        if self.paused or self._help:
            return
        if self.tick >= self._last:
            self._ended_s += seconds
            return
        self._go(self._position + seconds * self.speed * (self._last + 1) / RUN_SHOWN_S)

    def press(self, key: Press) -> None:
        """Act on a key."""
        if self.tick >= self._last:
            self._ended_s = 0.0  # there is a viewer: show the last frame for the full time again
        if isinstance(key, int):
            self._typed = f"{self._typed}{key}"[:_DIGITS_MAX]
            self.paused = True
            return
        typed, self._typed = self._typed, ""
        match key:
            case Key.PAUSE if self._help:
                self._help = False
            case Key.PAUSE if self.tick >= self._last and self._stays:
                self.paused = False
                self._go(0)
            case Key.PAUSE:
                self.paused = not self.paused
            case Key.FORWARD | Key.BACK | Key.FORWARD_TEN | Key.BACK_TEN:
                self._stop_at(self.tick + _STEPS[key])
            case Key.NEXT_PHASE | Key.PREVIOUS_PHASE:
                ticks = self._marks.phase_ticks(self.focus)
                self._stop_at(_neighbour(ticks, self.tick, forward=key is Key.NEXT_PHASE))
            case Key.NEXT_EVENT | Key.PREVIOUS_EVENT:
                ticks = self._marks.event_ticks()
                self._stop_at(_neighbour(ticks, self.tick, forward=key is Key.NEXT_EVENT))
            case Key.FASTER:
                self.speed = min(_SPEED_MAX, self.speed * 2)
            case Key.SLOWER:
                self.speed = max(_SPEED_MIN, self.speed / 2)
            case Key.NEXT | Key.PREVIOUS:
                self._focus += 1 if key is Key.NEXT else -1
            case Key.RESTART:
                self._go(0)
            case Key.END:
                self._go(self._last)
            case Key.LOG_OLDER:
                self.paused = True
                happened = bisect_right(self._marks.event_ticks(), self.tick)
                self._older = min(self._older + 1, max(0, happened - 1))
            case Key.LOG_NEWER:
                self._older = max(0, self._older - 1)
            case Key.ENTER if typed:
                self._stop_at(int(typed))
            case Key.ENTER if self.tick >= self._last and self._stays:
                self.quit = True
            case Key.ERASE:
                self._typed = typed[:-1]
            case Key.HELP:
                self._help = not self._help
            case Key.QUIT if self._help:
                self._help = False
            case Key.QUIT:
                self.quit = True
            case Key.ENTER:
                pass

    def _stop_at(self, tick: int) -> None:
        self.paused = True
        self._go(tick)

    def _go(self, position: float) -> None:
        before = self.tick
        self._position = float(min(self._last, max(0, position)))
        if self.tick != before:
            self._older = 0


def _neighbour(ticks: Sequence[int], tick: int, *, forward: bool) -> int:
    """The nearest tick after (``forward``) or before ``tick``; ``tick`` itself if there is none."""
    if forward:
        place = bisect_right(ticks, tick)
        return ticks[place] if place < len(ticks) else tick
    place = bisect_left(ticks, tick)
    return ticks[place - 1] if place else tick
