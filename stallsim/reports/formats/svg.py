"""SVG: the figure as lines and letters, to scale as one likes."""

from typing import ClassVar

from ._figure import PlotFormat


class Svg(PlotFormat):
    """SVG: the figure as lines and letters, to scale as one likes."""

    is_text: ClassVar[bool] = True
