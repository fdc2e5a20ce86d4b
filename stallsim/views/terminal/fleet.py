"""The dashboard of a fleet on a terminal: live (it can be frozen) or replayed."""

from rich.console import Console

from ..drawing.playback import Playback
from ..drawing.theme import Theme
from ..fleet.board import FleetBoard
from ..fleet.moments import FleetMoments
from .bounded_console import BoundedConsole
from .keyboard import Keyboard
from .live_screen import LiveScreen
from .screen import open_screen, standard_keyboard


class LiveFleet(LiveScreen):
    """Draws the newest moment, or while frozen the moment at which it was frozen."""

    def __init__(self, seen: FleetMoments) -> None:
        super().__init__()
        self._seen = seen
        self._frozen_at = 0

    @property
    def tick(self) -> int:
        """The moment to draw."""
        return self._frozen_at if self.frozen else len(self._seen.moments) - 1

    def freeze(self) -> None:
        """Stay at the newest moment."""
        self._frozen_at = len(self._seen.moments) - 1


async def watch_fleet(
    seen: FleetMoments,
    console: Console | None = None,
    keyboard: Keyboard | None = None,
    *,
    theme: Theme = Theme.AUTO,
) -> None:
    """Draw until the viewer quits."""
    with open_screen(console or BoundedConsole(), keyboard, theme) as screen:
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
    """Show all moments at a speed that a viewer can follow."""
    keyboard = keyboard or standard_keyboard()
    playback = Playback(len(seen.moments) - 1, seen, speed, stays=stays and keyboard.present)
    with open_screen(console or BoundedConsole(), keyboard, theme) as screen:
        await screen.follow(playback, FleetBoard(seen))
