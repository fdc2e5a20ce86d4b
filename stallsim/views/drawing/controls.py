"""The viewer's choices: the connection in focus, and how time runs. No I/O here."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from .theme import Theme


class Key(Enum):
    """The meaning of a key press."""

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
    """The viewer's choices that a frame depends on."""

    focus: int = 0
    """The connection whose queues are drawn."""
    live: bool = False
    paused: bool = False
    ended: bool = False
    """The last tick is shown, and stays until a key is pressed."""
    speed: float = 1.0
    keys: bool = True
    """Whether there is a keyboard."""
    typed: str = ""
    """The digits typed so far of the tick to go to."""
    older: int = 0
    """The number of events by which the log is scrolled back."""
    help: bool = False
    theme: Theme = Theme.AUTO


class Course(Protocol):
    """Decides which tick is drawn, and when drawing ends: a playback or a live run."""

    @property
    def tick(self) -> int:
        """The tick to draw."""

    @property
    def controls(self) -> Controls:
        """The choices with which to draw it."""

    @property
    def over(self) -> bool:
        """Whether drawing has ended."""

    def advance(self, seconds: float) -> None:
        """Advance the time by ``seconds``."""

    def press(self, key: Press) -> None:
        """Act on a key, if it has a meaning here."""
