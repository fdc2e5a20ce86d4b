"""The keys that all live dashboards have, except that of a run: freeze, help, quit."""

from ..drawing.controls import Controls, Key, Press


class LiveScreen:
    """While frozen, the dashboard stays at one moment, and new data are still collected."""

    def __init__(self) -> None:
        self.frozen = False
        self._help = False
        self.over = False
        """Whether the viewer has quit."""

    @property
    def controls(self) -> Controls:
        """The choices with which to draw."""
        return Controls(live=True, paused=self.frozen, help=self._help)

    def advance(self, seconds: float) -> None:
        """Do nothing: a live dashboard does not depend on the time that has passed."""

    def press(self, key: Press) -> None:
        """Act on a key."""
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
        """Act on a key that only this dashboard has."""
