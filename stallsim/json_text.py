"""JSON for standard output: in ASCII, whatever text from outside is in it.

JSON may hold any character, and some mean something to a terminal that it is printed on: U+009B begins a
control sequence, U+202E turns the direction of what follows. Escaped, they are the same JSON (RFC 8259 7).
"""

import re
from typing import Any

import msgspec

_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")


def json_text(value: Any) -> str:
    """One line."""
    return _NOT_PLAIN.sub(_escaped, msgspec.json.encode(value).decode("utf-8", "replace"))


def _escaped(found: re.Match[str]) -> str:
    """A character beyond the first plane is two of UTF-16's."""
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
