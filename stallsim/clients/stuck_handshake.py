"""A client that connects and never completes the opening handshake."""

from typing import ClassVar

from ..profile.spec import Positive
from ._base import Client, ClientEnd, Stalls
from ._websocket import first_bytes

_READ_BYTES = 4096


class StuckHandshake(Client, frozen=True):
    """Connects by TCP and sends no request, or, with ``byte-ticks``, one byte of it at a time.

    On the wire: a three-way handshake, then silence or segments of one byte, and a request that never ends.
    A port scanner, a load balancer's check, a client behind a network that loses all large packets, and an
    attack (Slowloris) do this. The connection costs the server no queue, but a descriptor and a task.
    """

    stalls: ClassVar[Stalls] = Stalls.NEVER
    opens: ClassVar[bool] = False

    byte_ticks: Positive | None = None
    """Ticks between two bytes of the request; absent: the client sends nothing."""

    async def behave(self, end: ClientEnd) -> None:
        request = first_bytes(end)
        sent = 0
        with end.over:
            while end.recv(_READ_BYTES) != b"":
                if self._sends_a_byte(sent, end.tick) and sent < len(request) - 1:
                    await end.send(request[sent : sent + 1])
                    sent += 1
                await end.turn()
        end.close()

    def _sends_a_byte(self, sent: int, tick: int) -> bool:
        return self.byte_ticks is not None and sent * self.byte_ticks <= tick
