"""The protocol of a picture on a terminal: makes a frame, and shows whether a new one is needed."""

from typing import Protocol

from .controls import Controls
from .frame import Frame
from .palette import Glyphs


class Drawn(Protocol):
    """A dashboard of any kind."""

    @property
    def state(self) -> object:
        """A value that changes when a frame of the same tick would look different."""

    def frame(self, tick: int, controls: Controls, width: int, height: int, glyphs: Glyphs) -> Frame:
        """The picture of ``tick`` in exactly ``width`` x ``height`` cells."""
