"""PDF: the figure as a page, to print."""

from ._figure import PlotFormat


class Pdf(PlotFormat):
    """PDF: the figure as a page, to print."""
