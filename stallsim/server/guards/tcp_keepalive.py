"""SO_KEEPALIVE: the kernel probes whether a silent peer still exists (RFC 9293 3.8.4)."""

import socket
from typing import Annotated, ClassVar

from msgspec import Meta

from ...kernel import options
from ._base import Guard


class TcpKeepalive(Guard, frozen=True):
    """After ``idle`` of silence, probe every ``interval``; ``count`` unanswered ones end the connection.

    The peer's kernel answers the probes, so this guard detects machines and networks that are gone, never a
    program that has stopped reading. Times are whole seconds of the kernel's clock.
    """

    kernel_timer: ClassVar[bool] = True

    idle: Annotated[int, Meta(ge=1, le=32767)] = 7200
    """TCP_KEEPIDLE: seconds of silence before the first probe."""
    interval: Annotated[int, Meta(ge=1, le=32767)] = 75
    """TCP_KEEPINTVL: seconds from one probe to the next."""
    count: Annotated[int, Meta(ge=1, le=127)] = 9
    """TCP_KEEPCNT: how many probes may go unanswered."""

    def prepare(self, sock: socket.socket) -> None:
        options.set_keepalive(sock, self.idle, self.interval, self.count)
