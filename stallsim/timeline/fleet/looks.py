"""One look at a fleet's sockets: their states and queues, and the memory that the kernel has charged."""

from msgspec import Struct

from ..histogram import Histogram


class Worst(Struct, frozen=True, kw_only=True):
    """One of the few sockets with the longest queues."""

    peer: str
    """Address and port of the client."""
    state: str
    """The TCP state (RFC 9293 3.3.2), by Linux's name."""
    queue_bytes: int


class FleetLook(Struct, frozen=True, kw_only=True):
    """One end of each connection at one moment; the server's if it is visible. Sizes are in bytes. The
    witnesses' connections are included.
    """

    connections: int
    by_state: dict[str, int]
    """Connections by TCP state (RFC 9293 3.3.2)."""
    stalled: int
    """Connections that the kernel confirms to be stalled: at two looks in a row, the window is smaller
    than the waiting segment, and nothing was acknowledged between them.
    """
    outq_bytes: int
    """Bytes in all send queues."""
    queues: Histogram
    """The sizes of the send queues."""
    of_clients: bool = False
    """Whether these are the clients' ends, since the server's are not visible. Queues are then receive
    queues. A client counts as stalled if it has not read, advertises less than a segment, and received
    nothing since the look before.
    """
    ended_unseen: int = 0
    """Connections that the server has ended without the client's notice: the FIN waits behind data that
    the client does not read (FIN-WAIT-1, CLOSING).
    """
    worst: tuple[Worst, ...] = ()
    """The connections with the longest queues, longest first."""
    took_s: float = 0.0
    """Seconds that the look took."""


class ChargedEnds(Struct, frozen=True):
    """The sum over one end of each connection."""

    sockets: int
    charged_bytes: int
    """Bytes that the kernel counts for ``tcp_mem``: received, unacknowledged and unsent bytes, its
    overhead for them, and its reserve. The sockets themselves are not included.
    """


class KernelMemory(Struct, frozen=True, kw_only=True):
    """The kernel's memory for the connections of a fleet, including the witnesses' (sock_diag)."""

    clients: ChargedEnds
    server: ChargedEnds | None = None
    """The server's ends; null: they cannot be read by this worker."""
    took_s: float = 0.0
    """Seconds that the reading took."""

    @property
    def charged_bytes(self) -> int:
        """The memory of both ends, or of those that can be read."""
        return self.clients.charged_bytes + (self.server.charged_bytes if self.server is not None else 0)
