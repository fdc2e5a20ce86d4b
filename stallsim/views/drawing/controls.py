"""What the viewer has chosen: which connection is in focus, and how the time runs. No I/O here."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from .theme import Theme


class Key(Enum):
    """What a key press means."""

    PAUSE = auto()
    FORWARD = auto()
    BACK = auto()
    FORWARD_TEN = auto()
    BACK_TEN = auto()
    NEXT_PHASE = auto()
    PREVIOUS_PHASE = auto()
    NEXT_EVENT = auto()
    PREVIOUS_EVENT = auto()
    FASTER = auto()
    SLOWER = auto()
    NEXT = auto()
    PREVIOUS = auto()
    RESTART = auto()
    END = auto()
    LOG_OLDER = auto()
    LOG_NEWER = auto()
    ENTER = auto()
    """Go to the tick whose number was typed."""
    ERASE = auto()
    HELP = auto()
    SORT = auto()
    FILTER = auto()
    DETAILS = auto()
    QUIT = auto()


Press = Key | int
"""A key, or a digit of a tick's number."""


@dataclass(frozen=True)
class Controls:
    """What a frame shows of the viewer's choices."""

    focus: int = 0
    """The connection whose queues are drawn."""
    live: bool = False
    paused: bool = False
    ended: bool = False
    """The last tick is shown, and stays until a key."""
    speed: float = 1.0
    keys: bool = True
    """There is a keyboard."""
    typed: str = ""
    """Digits of the tick to go to."""
    older: int = 0
    """By how many events the log is scrolled back."""
    help: bool = False
    theme: Theme = Theme.AUTO


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

    def press(self, key: Press) -> None:
        """Do what a key says, if it means anything here."""
