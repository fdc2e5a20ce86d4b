"""PNG: the figure as pixels, 150 to the inch."""

from ._figure import PlotFormat


class Png(PlotFormat):
    """PNG: the figure as pixels, 150 to the inch."""
