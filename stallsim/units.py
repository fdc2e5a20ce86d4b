"""Sizes, durations and rates as people write them: the only parser and the only formatter.

A spec's field of type ``Size`` is an ``int`` of bytes, one of type ``Seconds`` a ``float``; the
annotation says how its text is parsed (``validation``) and what an editor may offer (``schemas``).

>>> parse_size("64KiB"), parse_seconds("250ms"), parse_rate("1.2MB/s")
(65536, 0.25, 1200000)
>>> format_size(1_843_680), format_seconds(0.0005), format_count(1843680)
('1.8 MB', '500 us', '1,843,680')
"""

import re
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

WRITTEN = "x-written"
"""The key, in a JSON Schema made by msgspec, for how the value is written in a profile (``schemas``)."""
_SIZES = {
    "": 1,
    "B": 1,
    "kB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
}
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_NUMBER = re.compile(r"(\d[\d_]*(?:\.\d+)?)\s*([A-Za-z]*)", re.ASCII)
_SIZE_PATTERN = r"^[0-9][0-9_]*(\.[0-9]+)? *([kMG]?B|[KMG]iB)?$"
_SECONDS_PATTERN = r"^[0-9][0-9_]*(\.[0-9]+)? *(us|ms|s|m|h)$"
_RATE_PATTERN = r"^[0-9][0-9_]*(\.[0-9]+)? *([kMG]?B|[KMG]iB)/s$"
FRAME_MAX = 2**24
_MOST = 2.0**62
_SECONDS_MAX = 366 * 86400.0


def parse_size(text: object) -> int:
    """Bytes from ``64KiB`` or a whole number. Raises ValueError, which names the allowed forms."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if not isinstance(text, str):
        raise ValueError(f"expected a size such as 6680, 64KiB or 1MB, got {text!r}")
    size = _number(text, _SIZES, "a size such as 6680, 64KiB or 1MB")
    if size != int(size):
        raise ValueError(f"expected a whole number of bytes, got {text!r}")
    return int(size)


def parse_seconds(text: object) -> float:
    """Seconds from ``250ms``. Raises ValueError, which names the allowed forms; a bare
    number has no unit.
    """
    expected = "a duration such as 250ms, 1.5s or 10m"
    if not isinstance(text, str):
        raise ValueError(f"expected {expected}, got {text!r}")
    seconds = _number(text, _SECONDS, expected)
    if not 0 < seconds <= _SECONDS_MAX:
        raise ValueError(f"expected {expected}, more than 0 and at most 366 days, got {text!r}")
    return seconds


def parse_rate(text: object) -> int:
    """Bytes per second from ``100MB/s``. Raises ValueError, which names the allowed forms."""
    expected = "a rate such as 100MB/s"
    if not isinstance(text, str) or not text.endswith("/s"):
        raise ValueError(f"expected {expected}, got {text!r}")
    return int(_number(text.removesuffix("/s"), _SIZES, expected))


def _size(most: int) -> Meta:
    forms = [
        {"type": "integer", "minimum": 0, "maximum": most},
        {"type": "string", "pattern": _SIZE_PATTERN},
    ]
    schema = {WRITTEN: {"anyOf": forms}}
    return Meta(ge=0, le=most, extra={"parse": parse_size}, extra_json_schema=schema)


Size = Annotated[int, _size(2**40)]
"""Bytes. Written ``6680``, ``"64KiB"`` or ``"1MB"`` in a profile."""
BUFFER_MAX_BYTES = 2**30
BufferSize = Annotated[int, _size(BUFFER_MAX_BYTES)]
"""A size that a socket option accepts: at most 1 GiB."""
FrameSize = Annotated[int, _size(FRAME_MAX)]
"""One frame of the stream: at most 16 MiB."""
Seconds = Annotated[
    float,
    Meta(
        extra={"parse": parse_seconds},
        extra_json_schema={WRITTEN: {"type": "string", "pattern": _SECONDS_PATTERN}},
    ),
]
"""Seconds. Written ``"250ms"`` in a profile."""
Rate = Annotated[
    int,
    Meta(
        ge=1,
        le=2**40,
        extra={"parse": parse_rate},
        extra_json_schema={WRITTEN: {"type": "string", "pattern": _RATE_PATTERN}},
    ),
]
"""Bytes a second. Written ``"100MB/s"`` in a profile."""


def format_size(size: float) -> str:
    """``1.8 MB``: decimal units, at most four characters of number."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(size) < 999.5 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "B" or abs(size) >= 99.95 else f"{size:.1f} {unit}"


def format_seconds(seconds: float) -> str:
    """``500 us``, ``2.5 ms``, ``138 s``, ``5.0 min``."""
    for limit, factor, unit in ((0.9995e-3, 1e6, "us"), (0.9995, 1e3, "ms"), (300.0, 1.0, "s")):
        if seconds < limit:
            value = seconds * factor
            return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def format_count(number: int) -> str:
    """``1,843,680``."""
    return f"{number:,}"


def _number(text: str, factors: Mapping[str, float], expected: str) -> float:
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"expected {expected}, got {text!r}")
    number, unit = match.groups()
    if unit not in factors:
        units = ", ".join(name for name in factors if name)
        raise ValueError(f"expected {expected}, got {text!r} (units: {units})")
    value = float(number.replace("_", "")) * factors[unit]
    if value > _MOST:
        raise ValueError(f"expected {expected}, got a number that is too large")
    return value
