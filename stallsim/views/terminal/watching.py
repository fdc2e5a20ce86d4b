"""The dashboard of a watch on a terminal: live (it can be frozen) or replayed."""

from collections.abc import Sequence

from msgspec.structs import replace
from rich.console import Console

from ...timeline.watched import Snapshot
from ..drawing.controls import Controls, Key, Press
from ..drawing.frame import Frame
from ..drawing.palette import Glyphs
from ..drawing.playback import Playback
from ..drawing.theme import Theme
from ..watching.board import Board
from .bounded_console import BoundedConsole
from .keyboard import Keyboard
from .live_screen import LiveScreen
from .screen import open_screen, standard_keyboard

LOOKS_MAX = 240
"""The number of looks whose history is drawn."""
_PAST_MAX = 60
"""The number of connections that are kept of each older look, the worst ones."""


class LiveWatch(LiveScreen):
    """Grows with every look; while frozen, it shows one of them and the watch continues."""

    def __init__(self) -> None:
        super().__init__()
        self._looks: list[Snapshot] = []
        self._board = Board(self._looks)

    def note(self, snapshot: Snapshot, _: object) -> None:
        """Add a look; of the older looks only what the history needs is kept."""
        if self._looks:
            self._looks[-1] = _past(self._looks[-1])
        self._looks.append(snapshot)
        del self._looks[:-LOOKS_MAX]

    @property
    def tick(self) -> int:
        return len(self._board.looks) - 1

    @property
    def state(self) -> object:
        return self._board.state

    def frame(self, tick: int, controls: Controls, width: int, height: int, glyphs: Glyphs) -> Frame:
        return self._board.frame(tick, controls, width, height, glyphs)

    def freeze(self) -> None:
        self._board.looks = list(self._looks) if self.frozen else self._looks

    def press_other(self, key: Press) -> None:
        self._board.press(key)


class LookMarks:
    """The places to which a replayed watch can jump: looks at which the count of any word has changed."""

    def __init__(self, looks: Sequence[Snapshot]) -> None:
        words = [look.totals.words for look in looks]
        self._changes = [place for place in range(1, len(words)) if words[place] != words[place - 1]]

    def order(self, tick: int) -> list[int]:
        return []

    def phase_ticks(self, connection: int) -> Sequence[int]:
        return self._changes

    def event_ticks(self) -> Sequence[int]:
        return self._changes


class ReplayedWatch(Playback):
    """Time runs as in any replay; the other keys concern the connections."""

    def __init__(self, looks: Sequence[Snapshot], speed: float, *, stays: bool) -> None:
        super().__init__(len(looks) - 1, LookMarks(looks), speed, stays=stays)
        self.board = Board(looks)

    def press(self, key: Press) -> None:
        """Act on a key. Enter goes to the look whose number was typed, if there is one."""
        if (key is Key.ENTER and self.controls.typed) or not self.board.press(key):
            super().press(key)


def _past(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, connections=snapshot.connections[:_PAST_MAX])


async def watch_live(
    live: LiveWatch,
    console: Console | None = None,
    keyboard: Keyboard | None = None,
    *,
    theme: Theme = Theme.AUTO,
) -> None:
    """Draw until the viewer quits."""
    with open_screen(console or BoundedConsole(), keyboard, theme) as screen:
        await screen.follow(live, live)


async def replay_watch(
    looks: Sequence[Snapshot],
    speed: float,
    console: Console | None = None,
    keyboard: Keyboard | None = None,
    *,
    stays: bool = False,
    theme: Theme = Theme.AUTO,
) -> None:
    """Show all looks at a speed that a viewer can follow."""
    keyboard = keyboard or standard_keyboard()
    replayed = ReplayedWatch(looks, speed, stays=stays and keyboard.present)
    with open_screen(console or BoundedConsole(), keyboard, theme) as screen:
        await screen.follow(replayed, replayed.board)
