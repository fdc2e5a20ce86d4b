"""PDF: the figure as a page, to print."""

from ._figure import Figure


class Pdf(Figure):
    """PDF: the figure as a page, to print."""
