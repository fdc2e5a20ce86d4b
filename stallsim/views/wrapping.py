"""Wraps the lines of a report to a terminal's width, at whole words, with the label's column left free."""

import re
import textwrap

_LABEL = re.compile(r"\S+ {2,}(?=\S)|[A-Z]{4,} (?=\S)| +(?=\S)")
"""A label such as ``memory    `` or ``CAPACITY ``, or the spaces below it."""
_LEAST_CELLS = 20


def wrapped(line: str, width: int) -> list[str]:
    """The line as one or more lines; a word longer than the width stays whole."""
    label = _LABEL.match(line)
    indent = len(label[0]) if label else 0
    if len(line) <= width or width - indent < _LEAST_CELLS:
        return [line]
    made = textwrap.wrap(
        line[indent:], width - indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return [line[:indent] + made[0], *(" " * indent + rest for rest in made[1:])] if made else [line]
