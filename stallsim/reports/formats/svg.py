"""SVG: the figure as lines and text, which can be scaled to any size."""

from typing import ClassVar

from ._figure import PlotFormat


class Svg(PlotFormat):
    """SVG: the figure as lines and text, which can be scaled to any size."""

    is_text: ClassVar[bool] = True
