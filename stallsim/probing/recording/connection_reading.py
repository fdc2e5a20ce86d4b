"""One end of a probe's connections, as the kernel tells of both of its ends, as a sample of a timeline."""

from typing import Any

from msgspec.structs import replace

from ...kernel.diag_socket import DiagSocket, TcpState
from ...kernel.reading import ReceiverReading, read_receiver
from ...kinds import Stalls
from ...timeline.records import ConnectionInfo
from ...timeline.sample import Refusal, Sample
from ..client.websocket_client import WebSocketClient
from ..observe.observer import ServerView

ESTABLISHED = TcpState.ESTABLISHED
_NUMBERS: dict[str, Any] = dict.fromkeys(Sample.__struct_fields__, 0)
_STATES = {
    "settled": False,
    "open": True,
    "producer_waits": False,
    "refusal": Refusal.NONE,
    "latency_us": -1,
}
_NOTHING = Sample(**(_NUMBERS | _STATES))
_OF_THE_SERVER = (
    "outq_bytes",
    "notsent_bytes",
    "acked_bytes",
    "snd_wnd_bytes",
    "snd_mss_bytes",
    "rwnd_limited_us",
    "retrans_segments",
    "backoff",
    "wmem_queued_bytes",
    "sndbuf_bytes",
)
"""What only the server's kernel knows."""
_INSIDE = (
    "produced_messages",
    "queue_messages",
    "queue_capacity_bytes",
    "control_bytes",
    "dropped_bytes",
    "dropped_messages",
    "evicted_messages",
    "discarded_bytes",
    "missing_messages",
    "latency_us",
)
"""What only the server knows, or what is known in the end."""


class ConnectionReading:
    """One connection, read again and again; what is gone keeps its last numbers."""

    def __init__(self, number: int, websocket: WebSocketClient, view: ServerView, *, stalled: bool) -> None:
        self.number, self.websocket, self.stalled = number, websocket, stalled
        self._view = view
        self._ours: ReceiverReading = read_receiver(websocket.connection.sock)
        self.server: DiagSocket | None = None
        """The server's end at the last reading; None where it is gone, or cannot be seen."""
        self._told: DiagSocket | None = None
        """The last in which there was an end."""
        self.visible = view.server_socket is not None
        self._read()

    @property
    def read_bytes(self) -> int:
        """What the client has taken from its kernel, by now."""
        self._read()
        return self._ours.info.bytes_received - self._ours.rcvq_bytes

    def info(
        self, tick: int, client: str, kind: str, rcvbuf: int | None = None, maxseg: int | None = None
    ) -> ConnectionInfo:
        """The connection's record."""
        server, ours = self._told, self._ours
        return ConnectionInfo(
            connection=self.number,
            tick=tick,
            client=client,
            kind=kind,
            stalls=Stalls.MUST if self.stalled else Stalls.NEVER,
            sndbuf_bytes_asked=None,
            sndbuf_bytes_effective=server.memory.sndbuf if server and server.memory else 0,
            rcvbuf_bytes_asked=rcvbuf,
            rcvbuf_bytes_effective=ours.memory.rcvbuf,
            snd_mss_bytes=server.info.snd_mss if server and server.info else 0,
            maxseg_bytes_asked=maxseg,
            congestion=server.congestion or "" if server else "",
            inferred=("queue_bytes", "produced_bytes", "refusal") if self.stalled else (),
            unknown=(
                *(() if self.stalled else ("queue_bytes", "produced_bytes", "refusal")),
                *_INSIDE,
                *(() if self.visible else _OF_THE_SERVER),
            ),
        )

    def sample(self, tick: int, refused: int, refusal: Refusal, held: int) -> Sample:
        """All that there is to know at this moment; ``refused`` is inferred."""
        self._read()
        ours, server, told = self._ours, self.server, self._told
        received = ours.info.bytes_received
        outq = server.wqueue if server else 0
        known = replace(
            _NOTHING,
            tick=tick,
            connection=self.number,
            refusal=refusal,
            queue_bytes=refused,
            received_bytes=received,
            rcvq_bytes=ours.rcvq_bytes,
            rmem_alloc_bytes=ours.memory.rmem_alloc,
            rcvbuf_bytes=ours.memory.rcvbuf,
            read_bytes=received - ours.rcvq_bytes,
            read_messages=self.websocket.log.messages,
            held_bytes=held,
            outq_bytes=outq,
        )
        accepted = received
        if told is not None and told.info is not None and told.memory is not None:
            info = told.info
            accepted = max(received, info.bytes_acked + outq)
            known = replace(
                known,
                notsent_bytes=min(outq, info.notsent_bytes) if server else 0,
                acked_bytes=info.bytes_acked,
                snd_wnd_bytes=info.snd_wnd,
                snd_mss_bytes=info.snd_mss,
                rwnd_limited_us=info.rwnd_limited,
                retrans_segments=info.total_retrans,
                backoff=info.backoff,
                wmem_queued_bytes=told.memory.wmem_queued if server else 0,
                sndbuf_bytes=told.memory.sndbuf,
            )
        return replace(
            known,
            produced_bytes=accepted + refused,
            accepted_bytes=accepted,
            sealed_bytes=accepted,
            wire_bytes=accepted,
        )

    def _read(self) -> None:
        connection = self.websocket.connection
        if connection.alive:
            self._ours = read_receiver(connection.sock)
        if self._view.server_socket is not None:
            self.server = self._view.server_socket(connection)
            if self.server is not None and self.server.info is not None:
                self._told = self.server
