"""Hostile text, which no view may show unchanged: it could overwrite or reverse the text around it."""

import re

RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters, of C1 as well, and those that change the direction of text."""
