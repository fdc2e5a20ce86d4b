"""TCP_NOTSENT_LOWAT: less of the queue is in the kernel, where no policy can act on it."""

import socket

from ...kernel import options
from ...units import BufferSize
from ._base import Guard


class NotsentLowat(Guard, frozen=True):
    """The kernel accepts no more while ``limit`` bytes are unsent, so they wait where a policy can act.

    This guard alone ends no connection and bounds no queue. A stall is noticed earlier, since fewer bytes
    wait in the kernel.
    """

    limit: BufferSize = 16384
    """TCP_NOTSENT_LOWAT: the unsent bytes at which the kernel accepts no more."""

    def prepare(self, sock: socket.socket) -> None:
        options.set_notsent_lowat(sock, self.limit)
