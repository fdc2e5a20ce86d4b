"""The stalls that a client can be put into from outside, as data: what it reads once it is stalled."""

from typing import Annotated

from msgspec import Meta, Struct

from ..errors import UnknownVariant

RCVBUF_BYTES = 4096
MAXSEG_BYTES = 1312
"""With these two the kernels together take 0.7 MB where they would take 4 MB (measured), and a stream of
20 MB/s still comes through."""
_PIPE_BYTES = 131_000


class Stall(Struct, frozen=True, kw_only=True):
    """One kind of stalled client."""

    name: str
    does: str
    """What it does, for the report."""
    from_the_start: bool = False
    """It reads nothing after the opening handshake; the witness alone gives the baseline."""
    rcvbuf: int = RCVBUF_BYTES
    reads_more_bytes: int = 0
    """What it reads of its own accord after the stall begins, as a browser's network process does."""
    rate_share: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    """How much of the stream it goes on reading."""
    reads_all: bool = False
    """It reads everything, and answers no Ping."""
    vanishes: bool = False
    """It ends with RST, its queues full, and never wakes."""


_ALL = (
    Stall(name="stop-reading", does="stops reading; its kernel goes on answering"),
    Stall(
        name="sleeping-tab",
        does="reads 131,000 bytes more, as a browser does for a frozen tab, then nothing",
        reads_more_bytes=_PIPE_BYTES,
    ),
    Stall(
        name="zero-window",
        does="reads nothing after the opening handshake, behind the smallest receive buffer",
        from_the_start=True,
        rcvbuf=1,
    ),
    Stall(name="slow-reader", does="reads a tenth of the stream", rate_share=0.1),
    Stall(
        name="vanishing",
        does="stops reading, then is gone with RST while its queues are full",
        vanishes=True,
    ),
    Stall(name="no-pong", does="reads everything and answers no Ping", reads_all=True),
)
STALLS = {stall.name: stall for stall in _ALL}


def find_stall(name: str) -> Stall:
    """Raises UnknownVariant, with what was probably meant."""
    try:
        return STALLS[name]
    except KeyError:
        raise UnknownVariant("stall", name, STALLS) from None
