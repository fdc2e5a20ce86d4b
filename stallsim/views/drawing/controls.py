"""What the viewer has chosen: which connection is in focus, and how the time runs. No I/O here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

RUN_SHOWN_S = 12.0
"""How long a whole run takes to watch at speed 1, however many ticks it has."""
LINGER_S = 1.5
"""How long the last frame stays."""
_SPEED_MIN, _SPEED_MAX = 1 / 64, 1024.0


class Key(Enum):
    """What a key press means."""

    PAUSE = auto()
    FORWARD = auto()
    BACK = auto()
    FASTER = auto()
    SLOWER = auto()
    NEXT = auto()
    PREVIOUS = auto()
    RESTART = auto()
    END = auto()
    QUIT = auto()


@dataclass(frozen=True)
class Controls:
    """What a frame shows of the viewer's choices."""

    focus: int = 0
    """The connection whose queues are drawn."""
    live: bool = False
    paused: bool = False
    speed: float = 1.0
    keys: bool = True
    """There is a keyboard."""


class Course(Protocol):
    """Which tick is drawn, and when that ends: a playback's, or a live run's."""

    @property
    def tick(self) -> int:
        """The tick to draw."""

    @property
    def controls(self) -> Controls:
        """How to draw it."""

    @property
    def over(self) -> bool:
        """Nothing more is to be drawn."""

    def advance(self, seconds: float) -> None:
        """Let time pass."""

    def press(self, key: Key) -> None:
        """Do what a key says, if it means anything here."""


class Playback:
    """The position in a finished run of ticks 0 to ``last_tick``, moved by time and by keys."""

    def __init__(self, last_tick: int, order: Callable[[int], list[int]], speed: float = 1.0) -> None:
        """``order``: the connections that can be in focus at a tick, the first one first."""
        self._last = max(0, last_tick)
        self._order = order
        self._focus = 0
        self._position = 0.0
        self._ended_s = 0.0
        self.speed = min(_SPEED_MAX, max(_SPEED_MIN, speed))
        self.paused = False
        self.quit = False

    @property
    def tick(self) -> int:
        """The tick to draw."""
        return int(self._position)

    @property
    def controls(self) -> Controls:
        """How to draw it."""
        order = self._order(self.tick) or [0]
        return Controls(order[self._focus % len(order)], paused=self.paused, speed=self.speed)

    @property
    def over(self) -> bool:
        """The viewer has quit, or the last frame has been there long enough."""
        return self.quit or self._ended_s >= LINGER_S

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        if self.paused:
            return
        if self.tick >= self._last:
            self._ended_s += seconds
        self._go(self._position + seconds * self.speed * (self._last + 1) / RUN_SHOWN_S)

    def press(self, key: Key) -> None:
        """Do what a key says."""
        if self.tick >= self._last:
            self._ended_s = 0.0  # somebody is there: begin to linger anew
        match key:
            case Key.PAUSE:
                self.paused = not self.paused
            case Key.FORWARD | Key.BACK:
                self.paused = True
                self._go(self.tick + (1 if key is Key.FORWARD else -1))
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
            case Key.QUIT:
                self.quit = True

    def _go(self, position: float) -> None:
        self._position = float(min(self._last, max(0, position)))
