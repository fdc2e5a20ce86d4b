"""What every live dashboard does with its keys but that of a run: it can be frozen, explained, and left."""

from ..drawing.controls import Controls, Key, Press


class LiveScreen:
    """Time passes by itself; frozen, the dashboard stays at one moment while what it shows goes on."""

    def __init__(self) -> None:
        self.frozen = False
        self._help = False
        self.over = False
        """The viewer has quit."""

    @property
    def controls(self) -> Controls:
        """How to draw it."""
        return Controls(live=True, paused=self.frozen, help=self._help)

    def advance(self, seconds: float) -> None:
        """Nothing depends on how much time has passed."""

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
                self.frozen = not self.frozen
                self.freeze()
            case _:
                self.press_other(key)

    def freeze(self) -> None:
        """Called when ``frozen`` has changed."""

    def press_other(self, key: Press) -> None:
        """Do what a key says that only this dashboard has."""
