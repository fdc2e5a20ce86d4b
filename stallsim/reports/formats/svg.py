"""SVG: the figure as lines and letters, to scale as one likes."""

from ._figure import Figure


class Svg(Figure):
    """SVG: the figure as lines and letters, to scale as one likes."""
