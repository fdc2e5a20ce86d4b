"""Other people's text, made harmless for a terminal, a log line and a rich renderable.

A peer chooses its close reason, and anybody may write a profile. Terminal escapes, control and bidi
characters would let them draw over our output, and square brackets are rich's markup.
"""

import re

_BRACKETS = str.maketrans("[]", "()")
_WORD = re.compile(r"~?[A-Za-z0-9_./:+-]+")


def clean(text: str, limit: int = 1000) -> str:
    """``text`` as one line of printable characters, at most ``limit`` of them.

    What is not printable (Unicode's controls, formats, surrogates, private and unassigned characters,
    line separators, odd spaces) becomes ``?``; square brackets become round; a cut shows as ``...``.
    """
    if len(text) > limit:
        text = text[: max(0, limit - 3)] + "..."[:limit]
    return printable(text).translate(_BRACKETS)


def printable(text: str) -> str:
    """``text`` as one line, for where brackets are no markup."""
    return "".join(char if char.isprintable() else "?" for char in text)


def encodable(text: str, encoding: str | None) -> str:
    """``text`` with what the encoding lacks written as a backslash escape (ASCII where unknown)."""
    encoding = encoding or "ascii"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def quoted(value: int | float | str) -> str:
    """A value for ``key=value``: cleaned, and in double quotes unless it is a single plain word."""
    text = clean(str(value))
    if _WORD.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
