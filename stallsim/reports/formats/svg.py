"""SVG: the figure as lines and letters, to scale as one likes."""

from ._figure import PlotFormat


class Svg(PlotFormat):
    """SVG: the figure as lines and letters, to scale as one likes."""
