"""The dashboard of a fleet on a terminal: live, where it can be frozen, or replayed."""

from rich.console import Console

from ..drawing.controls import Controls, Key, Press
from ..drawing.playback import Playback
from ..drawing.theme import Theme
from ..fleet.board import FleetBoard
from ..fleet.moments import FleetMoments
from .keyboard import Keyboard
from .screen import open_screen, standard_keyboard


class LiveFleet:
    """Which moment is drawn: the newest, or while it is frozen the one that was the newest."""

    def __init__(self, seen: FleetMoments) -> None:
        self._seen = seen
        self._frozen_at: int | None = None
        self._help = False
        self.over = False
        """The viewer has quit."""

    @property
    def tick(self) -> int:
        """The moment to draw."""
        return len(self._seen.moments) - 1 if self._frozen_at is None else self._frozen_at

    @property
    def controls(self) -> Controls:
        """How to draw it."""
        return Controls(live=True, paused=self._frozen_at is not None, help=self._help)

    def advance(self, seconds: float) -> None:
        """Time passes by itself."""

    def press(self, key: Press) -> None:
        """Do what a key says."""
        match key:
            case Key.QUIT if self._help:
                self._help = False
            case Key.QUIT:
                self.over = True
            case Key.HELP:
                self._help = not self._help
            case Key.PAUSE:
                self._frozen_at = self.tick if self._frozen_at is None else None
            case _:
                pass


async def watch_fleet(
    seen: FleetMoments,
    console: Console | None = None,
    keyboard: Keyboard | None = None,
    *,
    theme: Theme = Theme.AUTO,
) -> None:
    """Draw until the viewer quits."""
    with open_screen(console or Console(), keyboard, theme) as screen:
        await screen.follow(LiveFleet(seen), FleetBoard(seen))


async def replay_moments(
    seen: FleetMoments,
    speed: float,
    console: Console | None = None,
    keyboard: Keyboard | None = None,
    *,
    stays: bool = False,
    theme: Theme = Theme.AUTO,
) -> None:
    """Show all moments at a pace that eyes can follow."""
    keyboard = keyboard or standard_keyboard()
    playback = Playback(len(seen.moments) - 1, seen, speed, stays=stays and keyboard.present)
    with open_screen(console or Console(), keyboard, theme) as screen:
        await screen.follow(playback, FleetBoard(seen))
