"""The common base of the figure formats PNG, SVG and PDF."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import BinaryIO, ClassVar

from ...errors import Unavailable
from ..found import Found
from ._base import Format


class PlotFormat(Format):
    """Bytes over time by where they are; drawn by matplotlib."""

    is_text: ClassVar[bool] = False

    def prepare(self) -> None:
        if find_spec("matplotlib") is None:
            what = f"a report as {type(self).__name__.upper()}"
            remedy = "pip install 'stallsim[plot]' installs it"
            raise Unavailable(what, "matplotlib is not installed", remedy)

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        from ..figure.own_settings import import_matplotlib

        import_matplotlib()
        from ..figure.draw import draw

        draw(found, out, self.suffixes()[0].removeprefix("."))
