"""Reads both ends of one of a probe's connections, once per look, and makes samples of them."""

from msgspec.structs import replace

from ...kernel.diag_socket import DiagSocket, TcpState
from ...kernel.snapshot import ConnectionReader, ReceiverReading
from ...kernel.unix_snapshot import UnixReader
from ...kinds import Stalls
from ...timeline.records import ConnectionInfo
from ...timeline.sample import COUNTS, NOTHING_READ, Refusal, Sample
from ..client.stream_client import StreamClient
from .server_view import ServerView

ESTABLISHED = TcpState.ESTABLISHED
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
"""Fields of a sample that only the kernel of the server's end knows."""
_OF_THE_CLIENT = (
    "received_bytes",
    "rcvq_bytes",
    "rmem_alloc_bytes",
    "rcvbuf_bytes",
    "read_bytes",
    "read_messages",
)
_INFERRED = ("queue_bytes", "produced_bytes", "accepted_bytes", "sealed_bytes", "wire_bytes")
_NONE_THERE = ("pending_bytes", "cut_bytes", "held_bytes", "late_us")
"""0 in a probe's samples: the server's coder is not known, and a look has no tick for which it could be
late.
"""
_READ = (*_OF_THE_SERVER, *_OF_THE_CLIENT, *_INFERRED, *_NONE_THERE)
_INSIDE = (*(name for name in COUNTS if name not in _READ), "latency_us")
"""Figures that only the server has, or that are known only at the end; 0 in a probe's samples."""


class ConnectionReading:
    """One connection, read at each look. An end that no longer exists keeps its last numbers."""

    def __init__(self, stream_client: StreamClient, view: ServerView, *, stalled: bool) -> None:
        self.stream_client, self.stalled = stream_client, stalled
        connection = stream_client.connection
        self._reader: ConnectionReader | UnixReader = (
            UnixReader(connection.sock, lambda: stream_client.taken_bytes, view.unix)
            if connection.is_unix
            else ConnectionReader(connection.sock, connection.local, connection.remote, view.diag)
        )
        self.visible = view.visible
        self._server_is_visible = view.visible and not connection.is_unix
        """Whether the receive window is read at the server's end."""

    def read(self) -> None:
        """Read both kernels once; all properties below are from the latest such reading."""
        self._reader.read()

    @property
    def own(self) -> ReceiverReading:
        """The latest reading of the client's end."""
        return self._reader.last.own

    @property
    def server(self) -> DiagSocket | None:
        """The latest reading of the server's end; None if it is gone or cannot be read."""
        return self._reader.last.peer

    @property
    def rcv_wnd_bytes(self) -> int | None:
        """The receive window in bytes that the client's kernel last announced; None before Linux 6.2."""
        return self._reader.last.rcv_wnd_bytes

    @property
    def outq_bytes(self) -> int | None:
        """Unacknowledged bytes in the server's send queue; None if the server's end cannot be read."""
        if not self.visible:
            return None
        return self.server.wqueue if self.server else 0

    @property
    def received_bytes(self) -> int:
        """Bytes that the client's kernel has received."""
        return self.own.info.bytes_received

    @property
    def rcvq_bytes(self) -> int:
        """The received bytes that the client has not read; 0 once the client has closed its end."""
        return self.own.rcvq_bytes if self.stream_client.connection.alive else 0

    @property
    def read_bytes(self) -> int:
        """Bytes that the client has read from its kernel."""
        return self.own.info.bytes_received - self.own.rcvq_bytes

    def info(
        self,
        number: int,
        tick: int,
        client: str,
        kind: str,
        rcvbuf: int | None = None,
        maxseg: int | None = None,
    ) -> ConnectionInfo:
        """The connection's record with this number."""
        server, ours = self._reader.peer, self.own
        return ConnectionInfo(
            connection=number,
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
            client_port=self.stream_client.connection.local[1],
            inferred=("queue_bytes", "produced_bytes", "refusal") if self.stalled else (),
            unknown=(
                *(() if self.stalled else ("queue_bytes", "produced_bytes", "refusal")),
                *_INSIDE,
                *(() if self.visible else _OF_THE_SERVER),
            ),
        )

    def sample(self, number: int, tick: int, refused: int, refusal: Refusal, held: int) -> Sample:
        """The latest reading as a sample with this connection number; ``refused`` and ``refusal`` are
        inferred elsewhere.
        """
        ours, server, peer = self.own, self.server, self._reader.peer
        window = self.rcv_wnd_bytes
        received = ours.info.bytes_received
        outq = server.wqueue if server else 0
        known = replace(
            NOTHING_READ,
            tick=tick,
            connection=number,
            refusal=refusal,
            queue_bytes=refused,
            received_bytes=received,
            rcvq_bytes=ours.rcvq_bytes,
            rmem_alloc_bytes=ours.memory.rmem_alloc,
            rcvbuf_bytes=ours.memory.rcvbuf,
            read_bytes=received - ours.rcvq_bytes,
            read_messages=self.stream_client.log.messages,
            held_bytes=held,
            outq_bytes=outq,
            rcv_wnd_bytes=-1 if self._server_is_visible or window is None else window,
        )
        accepted = received
        if peer is not None and peer.info is not None and peer.memory is not None:
            info = peer.info
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
                wmem_queued_bytes=peer.memory.wmem_queued if server else 0,
                sndbuf_bytes=peer.memory.sndbuf,
            )
        return replace(
            known,
            produced_bytes=accepted + refused,
            accepted_bytes=accepted,
            sealed_bytes=accepted,
            wire_bytes=accepted,
        )
