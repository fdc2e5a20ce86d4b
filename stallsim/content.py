"""Makes the content of the stream's messages after their stamps: incompressible bytes, or text."""

import random
from enum import Enum
from typing import assert_never

PERIOD_BYTES = 256 * 1024
"""Bytes after which the content repeats, far more than the 32 KiB of a compressor's window (RFC 7692)."""


class Content(Enum):
    """The kind of content."""

    RANDOM = "random"
    """Bytes that cannot be compressed."""
    TEXT = "text"
    """JSON with a market's quotes, most of which a compressor removes."""


def content_of(sort: Content) -> bytes:
    """``PERIOD_BYTES`` of this content, always the same."""
    chance = random.Random(0)
    match sort:
        case Content.RANDOM:
            return chance.randbytes(PERIOD_BYTES)
        case Content.TEXT:
            return _quotes(chance)
        case _:
            assert_never(sort)


def _quotes(chance: random.Random) -> bytes:
    """Quotes of a market, one JSON object per line."""
    text = bytearray()
    while len(text) < PERIOD_BYTES:
        symbol, size = "".join(chance.choices("ABCDEFGHIJ", k=4)), chance.randrange(1, 5000)
        bid = chance.uniform(1, 999)
        text += f'{{"symbol":"{symbol}","bid":{bid:.2f},"ask":{bid + 0.05:.2f},"size":{size}}}\n'.encode()
    return bytes(text[:PERIOD_BYTES])
