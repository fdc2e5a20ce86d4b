"""Values of a fleet as a user writes them, in an option or a profile: a share, a rate, a buffer."""

from typing import Annotated, Any

from msgspec import Meta

from ..units import BUFFER_MAX_BYTES, WRITTEN, format_size, parse_size

RATE_MIN_PER_S = 0.01
"""A fleet that opens a client each 100 s; a slower one is taken for a mistake."""


def parse_share(text: object) -> float:
    """``all``, or a percentage. Raises ValueError with what is allowed."""
    if text == "all":
        return 1.0
    try:
        share = (
            float(text.removesuffix("%")) / 100 if isinstance(text, str) and text.endswith("%") else -1.0
        )
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(f"expected all, or a share from 0% to 100%, got {text!r}")
    return share


def parse_opening_rate(text: object) -> float:
    """Clients a second: ``5000``, ``"5000/s"``. Raises ValueError with what is allowed."""
    try:
        rate = float(str(text).strip().removesuffix("/s"))
    except ValueError:
        rate = 0.0
    if not RATE_MIN_PER_S <= rate < float("inf"):
        allowed = f"clients a second such as 5000/s, at least {RATE_MIN_PER_S:g}/s"
        raise ValueError(f"expected a number of {allowed}, got {text!r}")
    return rate


def parse_buffer(text: object) -> int | None:
    """``default``, or a size that a socket option accepts. Raises ValueError with what is allowed."""
    if text == "default":
        return None
    size = parse_size(text)
    if not 0 < size <= BUFFER_MAX_BYTES:
        most = format_size(BUFFER_MAX_BYTES)
        raise ValueError(f"expected `default`, or a size from 1 B to {most}, got {text!r}")
    return size


def _written(pattern: str) -> dict[str, Any]:
    return {WRITTEN: {"type": "string", "pattern": pattern}}


OpeningRate = Annotated[
    float,
    Meta(extra={"parse": parse_opening_rate}, extra_json_schema=_written(r"^[0-9.]+(/s)?$")),
]
WakeShare = Annotated[
    float,
    Meta(extra={"parse": parse_share}, extra_json_schema=_written(r"^(all|[0-9.]+%)$")),
]
