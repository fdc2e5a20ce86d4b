"""TCP_USER_TIMEOUT: the kernel ends a connection whose data is not acknowledged (RFC 5482)."""

import socket
from typing import ClassVar

from ...kernel import options
from ...units import Seconds
from ._base import Guard


class TcpUserTimeout(Guard, frozen=True):
    """The kernel ends the connection (ETIMEDOUT) when sent bytes have had no ACK for ``after``.

    docs/kernel-timers.md describes its effect on a zero window and on a peer that is gone.
    """

    kernel_timer: ClassVar[bool] = True

    after: Seconds = 30.0
    """TCP_USER_TIMEOUT (RFC 5482): the longest time that sent data may wait for an ACK."""

    def prepare(self, sock: socket.socket) -> None:
        options.set_user_timeout(sock, self.after)
