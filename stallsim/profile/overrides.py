"""``--set KEY=VALUE``: replaces one key in a profile's table before anything is checked.

A key is dotted, as in TOML; a client is named by its number, its name, or its kind.
"""

import tomllib
from typing import Any

from ..errors import ProfileError, suggest

_DIGITS_MAX = 9


def apply(table: dict[str, Any], override: str) -> str:
    """Put one ``KEY=VALUE`` into the table; return the key's dotted path. Raises ProfileError."""
    blame = f"`overrides=` {override}"
    key, equals, text = override.partition("=")
    try:
        override.encode()
    except UnicodeEncodeError:
        raise ProfileError(blame, "", "not UTF-8 text") from None
    if not equals:
        raise ProfileError(blame, "", "expected KEY=VALUE, for example server.policy=backpressure")
    path = _parse_key(key.strip(), blame)
    place: Any = table
    walked: list[str] = []
    for depth, part in enumerate(path):
        last = depth == len(path) - 1
        if isinstance(place, list):
            index = _index(place, part, ".".join(walked), blame)
            walked.append(str(index))
            if last:
                raise ProfileError(blame, ".".join(walked), "is a table; expected one of its keys")
            place = place[index]
        elif isinstance(place, dict):
            walked.append(part)
            if last:
                place[part] = _parse_value(text)
            else:
                place = place.setdefault(part, {})
        else:
            raise ProfileError(blame, ".".join(walked), f"is a value and has no key {part!r}")
    return ".".join(walked)


def _parse_key(key: str, blame: str) -> list[str]:
    """The parts of a dotted key as TOML reads them; parts may be quoted."""
    try:
        inner: Any = tomllib.loads(f"{key} = 0")
    except (ValueError, RecursionError):
        raise ProfileError(blame, key, "not a key; expected names separated by dots") from None
    if len(inner) != 1:
        raise ProfileError(blame, key, "not a key; expected names separated by dots")
    parts: list[str] = []
    while isinstance(inner, dict):
        (part,) = inner
        parts.append(part)
        inner = inner[part]
    return parts


def _parse_value(text: str) -> object:
    """The TOML value if the text is one, otherwise the text itself, so that ``4KiB`` needs no quotes."""
    try:
        values = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):  # also for a number with more digits than Python reads
        return text
    return values["value"] if len(values) == 1 else text


def _index(tables: list[Any], part: str, at: str, blame: str) -> int:
    """The index of the table that ``part`` means: a number, a name, or a kind if only one table has it."""
    if part.isascii() and part.isdigit() and len(part) < _DIGITS_MAX:
        if int(part) < len(tables):
            return int(part)
        raise ProfileError(blame, f"{at}.{part}", f"no such table; {len(tables)} exist, counted from 0")
    for attribute in ("name", "kind"):
        found = [
            index
            for index, each in enumerate(tables)
            if isinstance(each, dict) and each.get(attribute) == part
        ]
        if len(found) > 1:
            numbers = " and ".join(f"{at}.{index}" for index in found)
            raise ProfileError(blame, f"{at}.{part}", f"ambiguous: {numbers} each have this name or kind")
        if found:
            return found[0]
    known = [str(each.get("name", each.get("kind"))) for each in tables if isinstance(each, dict)]
    raise ProfileError(blame, f"{at}.{part}", f"no table has this name or kind{suggest(part, known)}")
