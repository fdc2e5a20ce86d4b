"""The base class of clients: a frozen spec whose fields are its options, and one coroutine.

The coroutine acts on a ``ClientEnd`` in *turns*. In lockstep a turn comes once per tick, in connection
order; in realtime a turn comes as soon as there is something to read, and at every tick. A client that is
asleep asks for no turn. To write a client, see CONTRIBUTING.md, 'How to add a client'.
"""

from typing import Annotated, ClassVar

from msgspec import Meta

from ..kinds import Stalls
from ..profile.spec import Spec, TickNumber
from ..units import BufferSize
from ._end import NEVER, ClientEnd, Turns

__all__ = ["NEVER", "Client", "ClientEnd", "Stalls", "TickNumber", "Turns"]


class Client(Spec, frozen=True):
    """A kind of client. Every kind can pin the two socket options that must precede ``connect()``."""

    stalls: ClassVar[Stalls] = Stalls.MUST
    """Whether this kind stalls. A stall that a client announced must be confirmed in any case."""
    opens: ClassVar[bool] = True
    """Whether the client completes the opening handshake."""
    healthy: ClassVar[bool] = False
    """Whether the client keeps up on average. A defence that ends it, or drops its messages, harms a
    healthy client.
    """
    needs_black_hole: ClassVar[bool] = False
    needs_realtime: ClassVar[bool] = False
    """Whether only the kernel's timers react to this client; they never fire in lockstep."""

    rcvbuf: BufferSize | None = None
    """SO_RCVBUF asked for (the kernel doubles it); absent: auto-tuned, and the run is not pinned."""
    maxseg: Annotated[int, Meta(ge=88, le=32767)] | None = None
    """TCP_MAXSEG; 1312 gives segments of 1,300 bytes, as over Ethernet."""
    deflate: bool = False
    """Offer permessage-deflate (RFC 7692) in the opening handshake."""

    async def behave(self, end: ClientEnd) -> None:
        """Shake hands, call ``end.open()``, then act in turns until ``end.over``.

        If the coroutine returns while the connection is open, the run aborts the connection.
        """
        raise NotImplementedError
