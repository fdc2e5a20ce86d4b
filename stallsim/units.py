"""Sizes, durations and rates as people write them: the only parser and the only formatter.

>>> parse_size("64KiB"), parse_seconds("250ms"), parse_rate("1.2MB/s")
(65536, 0.25, 1200000)
>>> format_size(1_843_680), format_seconds(0.0005), format_count(1843680)
('1.8 MB', '500 us', '1,843,680')
"""

import re
from typing import ClassVar

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

SIZE_HELP = "a size such as 6680, 64KiB or 1MB"
SECONDS_HELP = "a duration such as 250ms, 1.5s or 10m"
RATE_HELP = "a rate such as 100MB/s"
SECONDS_MAX = 366 * 86400.0


class Size(int):
    """Bytes. Written ``6680``, ``"64KiB"`` or ``"1MB"`` in a profile."""

    most: ClassVar[int] = 2**40
    most_text: ClassVar[str] = "1024GiB"


class BufferSize(Size):
    """What a socket option takes: at most 1 GiB."""

    most = 2**30
    most_text = "1GiB"


class FrameSize(Size):
    """One frame of the stream: at most 16 MiB."""

    most = 2**24
    most_text = "16MiB"


class Seconds(float):
    """Seconds. Written ``"250ms"`` in a profile; a bare number has no unit and is refused."""


class Rate(int):
    """Bytes a second. Written ``"100MB/s"`` in a profile."""


def parse_size(text: object, kind: type[Size] = Size) -> Size:
    """Bytes from ``64KiB`` or a whole number. Raises ValueError with what is allowed."""
    if isinstance(text, bool) or not isinstance(text, int | str):
        raise ValueError(f"expected {SIZE_HELP}, got {text!r}")
    if isinstance(text, int):
        size: float = text
    else:
        number, factor = _split(text, _SIZES, SIZE_HELP)
        size = number * factor
    if not 0 <= size <= kind.most or size != int(size):
        raise ValueError(f"expected {SIZE_HELP}, from 0 to {kind.most_text}, got {text!r}")
    return kind(size)


def parse_seconds(text: object) -> Seconds:
    """Seconds from ``250ms``. Raises ValueError with what is allowed."""
    if not isinstance(text, str):
        raise ValueError(f"expected {SECONDS_HELP}, got {text!r}")
    number, factor = _split(text, _SECONDS, SECONDS_HELP)
    if not 0 < number * factor <= SECONDS_MAX:
        raise ValueError(f"expected {SECONDS_HELP}, more than 0 and at most 366 days, got {text!r}")
    return Seconds(number * factor)


def parse_rate(text: object) -> Rate:
    """Bytes a second from ``100MB/s``. Raises ValueError with what is allowed."""
    if not isinstance(text, str) or not text.endswith("/s"):
        raise ValueError(f"expected {RATE_HELP}, got {text!r}")
    number, factor = _split(text.removesuffix("/s"), _SIZES, RATE_HELP)
    if not 1 <= number * factor <= Size.most:
        raise ValueError(f"expected {RATE_HELP}, from 1B/s to 1024GiB/s, got {text!r}")
    return Rate(number * factor)


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


def _split(text: str, factors: dict[str, float] | dict[str, int], allowed: str) -> tuple[float, float]:
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"expected {allowed}, got {text!r}")
    number, unit = match.groups()
    if unit not in factors:
        units = ", ".join(name for name in factors if name)
        raise ValueError(f"expected {allowed}, got {text!r} (units: {units})")
    return float(number.replace("_", "")), factors[unit]
