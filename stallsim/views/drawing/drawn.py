"""What a terminal can show: it makes a frame of a moment, and says whether there is a new one."""

from typing import Protocol

from .controls import Controls
from .frame import Frame
from .palette import Glyphs


class Drawn(Protocol):
    """A dashboard, of whatever kind."""

    @property
    def state(self) -> object:
        """Differs from the last one where a frame of the same moment would."""

    def frame(self, tick: int, controls: Controls, width: int, height: int, glyphs: Glyphs) -> Frame:
        """The picture of ``tick`` in exactly ``width`` x ``height`` cells."""
