"""Makes JSON for standard output, in ASCII whatever texts from outside it contains.

JSON may contain any character, and a terminal interprets some of them: U+009B begins a control sequence,
U+202E reverses the direction of text. Escaped, the JSON means the same (RFC 8259 7).
"""

import re
from typing import Any

import msgspec

_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")


def json_text(value: Any) -> str:
    """The value as one line of JSON."""
    return _NOT_PLAIN.sub(_escaped, msgspec.json.encode(value).decode("utf-8", "replace"))


def _escaped(found: re.Match[str]) -> str:
    """The escape of a character; one beyond the first plane takes two UTF-16 units."""
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
