"""Words for a figure: harmless, and of letters that every font has."""

from ...views.clean import clean, encodable


def plain(words: str, limit: int = 200) -> str:
    """One line of Latin letters; whoever writes it turns matplotlib's own markup off (``parse_math``)."""
    written = encodable(clean(words), "latin-1")  # an escape is up to ten letters long, so cut behind it
    return clean(written, limit)
