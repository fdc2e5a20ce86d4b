"""What a client is: a frozen spec whose fields are its options, and one coroutine.

The coroutine acts on a ``ClientEnd`` in *turns*. In lockstep a turn is given once a tick, in
connection order; in realtime a turn comes as soon as there is something to read, and at every tick.
A client that is asleep asks for no turn. To write one, see CONTRIBUTING.md, 'How to add a client'.
"""

from typing import Annotated, ClassVar

from msgspec import Meta

from ..scenario import Spec, TickNumber
from ..units import BufferSize
from ._end import NEVER, ClientEnd, Turns

__all__ = ["NEVER", "Client", "ClientEnd", "TickNumber", "Turns"]


class Client(Spec, frozen=True):
    """A kind of client. Every kind can pin the two socket options that must precede ``connect()``."""

    stalls: ClassVar[bool] = True
    """Whether this kind is meant to stall, so that a run in which the kernel saw none has failed."""
    opens: ClassVar[bool] = True
    """Whether it completes the opening handshake."""
    needs_black_hole: ClassVar[bool] = False

    rcvbuf: BufferSize | None = None
    """SO_RCVBUF asked for (the kernel doubles it); absent: auto-tuned, and the run is not pinned."""
    maxseg: Annotated[int, Meta(ge=88, le=32767)] | None = None
    """TCP_MAXSEG; 1312 gives segments of 1,300 bytes, as over Ethernet."""
    deflate: bool = False
    """Offer permessage-deflate (RFC 7692) in the opening handshake."""

    async def behave(self, end: ClientEnd) -> None:
        """Shake hands, call ``end.open()``, then act in turns until ``end.over``.

        Returning while the connection is open leaves it to be aborted by the run.
        """
        raise NotImplementedError
