"""Themes: the terminal's own background, one of ours for a projector, or no colour at all."""

from enum import Enum
from functools import lru_cache

from rich.color import Color
from rich.style import Style

from .palette import BAD, GOOD, SIXTEEN


class Theme(Enum):
    """What a frame is drawn on."""

    AUTO = "auto"
    """The terminal's own background; every colour is seen on a black and on a white one."""
    LIGHT = "light"
    DARK = "dark"
    NONE = "none"
    """No colour: weights and glyphs alone."""


_PAPER = {
    Theme.LIGHT: Style(color="#1a1a1a", bgcolor="#ffffff"),
    Theme.DARK: Style(color="#ececec", bgcolor="#16181b"),
}
_FAINT = {Theme.LIGHT: "#5c5c5c", Theme.DARK: "#a8a8a8"}
"""Dimmed text is not to be read on a projector: it is grey."""
_GOOD = {Theme.LIGHT: "#00664a", Theme.DARK: "#4fd1a5"}
_BAD = {Theme.LIGHT: "#a33c00", Theme.DARK: "#ff9a5c"}


@lru_cache(maxsize=512)
def themed(style: Style, theme: Theme, sixteen: bool) -> Style:
    """``sixteen``: the terminal has no more colours than that, and what is near is named by us."""
    if theme is Theme.NONE:
        return style.without_color
    if sixteen and style.color is not None and style.color.name in SIXTEEN:
        style += Style(color=SIXTEEN[style.color.name])
    if theme is Theme.AUTO:
        return style
    paper = _PAPER[theme]
    if style.reverse:
        return paper + Style(bold=True, reverse=True)
    if style.dim:
        return paper + Style(color=_FAINT[theme])
    for meaning, colours in ((GOOD, _GOOD), (BAD, _BAD)):
        if style == meaning:
            return paper + Style(color=Color.parse(colours[theme]), bold=True)
    return paper + style
