"""Lines of a report at the width of a terminal: whole words, under the column in which the words begin."""

import re
import textwrap

_LABEL = re.compile(r"\S+ {2,}(?=\S)| +(?=\S)")
"""``memory    `` or the blanks below it."""
_LEAST_CELLS = 20


def wrapped(line: str, width: int) -> list[str]:
    """The line as one or more; a word that is longer than the width stays whole."""
    label = _LABEL.match(line)
    indent = len(label[0]) if label else 0
    if len(line) <= width or width - indent < _LEAST_CELLS:
        return [line]
    made = textwrap.wrap(
        line[indent:], width - indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return [line[:indent] + made[0], *(" " * indent + rest for rest in made[1:])] if made else [line]
