"""Words for a figure: harmless, and of letters that every font has."""

from ...views.clean import clean, encodable


def plain(words: str, limit: int = 200) -> str:
    """One line of Latin letters; whoever writes it turns matplotlib's own markup off (``parse_math``)."""
    return encodable(clean(words, limit), "latin-1")
