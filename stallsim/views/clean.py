"""Makes text from others safe for a terminal, a log line and a rich renderable.

A peer chooses its close reason, and anybody may write a profile. Terminal escapes, control and bidi
characters could overwrite other output, and square brackets are rich's markup.
"""

import re

_BRACKETS = str.maketrans("[]", "()")
_WORD = re.compile(r"~?[A-Za-z0-9_./:+-]+")


def clean(text: str, limit: int = 1000) -> str:
    """``text`` as one line of printable characters, at most ``limit`` of them.

    Unprintable characters (Unicode's controls, formats, surrogates, private and unassigned characters, line
    separators, unusual spaces) become ``?``; square brackets become round; ``...`` marks shortened text.
    """
    if len(text) > limit:
        text = text[: max(0, limit - 3)] + "..."[:limit]
    return printable(text).translate(_BRACKETS)


def printable(text: str) -> str:
    """``text`` as one line of printable characters, for output in which brackets are no markup."""
    return "".join(char if char.isprintable() else "?" for char in text)


def encodable(text: str, encoding: str | None) -> str:
    """``text``, with characters that the encoding lacks as backslash escapes; an unknown encoding counts as
    ASCII.
    """
    encoding = encoding or "ascii"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def quoted(value: int | float | str) -> str:
    """A value for ``key=value``: cleaned, and in double quotes unless it is a single plain word."""
    text = clean(str(value))
    if _WORD.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
