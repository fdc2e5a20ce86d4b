"""A terminal whose size has an upper limit, as far as frames are concerned."""

from rich.console import Console, ConsoleDimensions

_SIZE_MAX = ConsoleDimensions(width=1000, height=400)
"""The most columns and rows of a frame. COLUMNS and LINES may contain any number, and the cost of a frame
grows with its size: rich fills the whole screen.
"""


class BoundedConsole(Console):
    """Its size is at most ``_SIZE_MAX``, whatever the terminal or the environment says."""

    @property
    def size(self) -> ConsoleDimensions:
        """Columns and rows, read again at each use, since a terminal may change its size."""
        return ConsoleDimensions(*map(min, super().size, _SIZE_MAX))

    @size.setter
    def size(self, new_size: tuple[int, int]) -> None:
        self._width, self._height = new_size
