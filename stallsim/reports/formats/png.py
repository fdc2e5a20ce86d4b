"""PNG: the figure as pixels, 150 to the inch."""

from ._figure import Figure


class Png(Figure):
    """PNG: the figure as pixels, 150 to the inch."""
