"""The dashboard of a watch on a terminal: live, where it can be frozen, or replayed."""

from collections.abc import Sequence

from msgspec.structs import replace
from rich.console import Console

from ...timeline.watched import Snapshot
from ..drawing.controls import Controls, Key, Playback
from ..drawing.frame import Frame
from ..drawing.palette import Glyphs
from ..watching.board import Board
from .keyboard import Keyboard
from .screen import open_screen

LOOKS_MAX = 240
"""So many looks are drawn as history."""
_PAST_MAX = 60
"""So many connections of each of them, the worst."""


class LiveWatch:
    """Grows with every look; frozen, it shows one of them, and the watch goes on."""

    def __init__(self) -> None:
        self._looks: list[Snapshot] = []
        self._board = Board(self._looks)
        self._frozen = False
        self.over = False
        """The viewer has quit."""

    def note(self, snapshot: Snapshot, _: object) -> None:
        """One more look; of those before, only what is drawn as history stays."""
        if self._looks:
            self._looks[-1] = _past(self._looks[-1])
        self._looks.append(snapshot)
        del self._looks[:-LOOKS_MAX]

    @property
    def tick(self) -> int:
        return len(self._board.looks) - 1

    @property
    def controls(self) -> Controls:
        return Controls(live=True, paused=self._frozen)

    @property
    def state(self) -> object:
        return self._board.state

    def frame(self, tick: int, controls: Controls, width: int, height: int, glyphs: Glyphs) -> Frame:
        return self._board.frame(tick, controls, width, height, glyphs)

    def advance(self, seconds: float) -> None:
        pass

    def press(self, key: Key) -> None:
        match key:
            case Key.QUIT:
                self.over = True
            case Key.PAUSE:
                self._frozen = not self._frozen
                self._board.looks = list(self._looks) if self._frozen else self._looks
            case _:
                self._board.press(key)


class ReplayedWatch(Playback):
    """Time runs as in any recording; the other keys are about the connections."""

    def __init__(self, looks: Sequence[Snapshot], speed: float) -> None:
        super().__init__(len(looks) - 1, lambda _: [], speed)
        self.board = Board(looks)

    def press(self, key: Key) -> None:
        if not self.board.press(key):
            super().press(key)


def _past(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, connections=snapshot.connections[:_PAST_MAX])


async def watch_live(
    live: LiveWatch, console: Console | None = None, keyboard: Keyboard | None = None
) -> None:
    """Draw until the viewer quits."""
    with open_screen(console or Console(), keyboard) as screen:
        await screen.follow(live, live)


async def replay_watch(
    looks: Sequence[Snapshot],
    speed: float,
    console: Console | None = None,
    keyboard: Keyboard | None = None,
) -> None:
    """Show all looks at a pace that eyes can follow."""
    replayed = ReplayedWatch(looks, speed)
    with open_screen(console or Console(), keyboard) as screen:
        await screen.follow(replayed, replayed.board)
