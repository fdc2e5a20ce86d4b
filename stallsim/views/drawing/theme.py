"""Themes: the terminal's own background, a light or dark one for a projector, or no colour."""

from enum import Enum
from functools import lru_cache

from rich.color import Color
from rich.style import Style

from .palette import BAD, GOOD, SIXTEEN


class Theme(Enum):
    """The background and colours of a frame."""

    AUTO = "auto"
    """The terminal's own background; every colour is readable on black and on white."""
    LIGHT = "light"
    DARK = "dark"
    NONE = "none"
    """No colour, only weights and glyphs."""


_PAPER = {
    Theme.LIGHT: Style(color="#1a1a1a", bgcolor="#ffffff"),
    Theme.DARK: Style(color="#ececec", bgcolor="#16181b"),
}
_FAINT = {Theme.LIGHT: "#5c5c5c", Theme.DARK: "#a8a8a8"}
"""Grey instead of dimmed text, which cannot be read on a projector."""
_GOOD = {Theme.LIGHT: "#00664a", Theme.DARK: "#4fd1a5"}
_BAD = {Theme.LIGHT: "#a33c00", Theme.DARK: "#ff9a5c"}


@lru_cache(maxsize=512)
def themed(style: Style, theme: Theme, sixteen: bool) -> Style:
    """The style in a theme. ``sixteen``: the terminal has sixteen colours, so the nearest is chosen
    here.
    """
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
