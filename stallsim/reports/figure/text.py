"""Makes text safe for a figure, in letters that every font has."""

from ...views.clean import clean, encodable


def plain(words: str, limit: int = 200) -> str:
    """One line of Latin letters; the caller must turn off matplotlib's own markup (``parse_math``)."""
    written = encodable(clean(words), "latin-1")  # an escape has up to ten letters, so cut afterwards
    return clean(written, limit)
