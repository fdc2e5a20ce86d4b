"""Takes looks at a stall: readings of both connections and of the server's processes at one moment."""

import trio

from ...kernel.diag_socket import TcpState
from ...timeline.outside import Look
from .connection_reading import ConnectionReading
from .looks import Looks
from .server_view import ServerView
from .withheld import WithheldTime
from .witness_stream import WitnessStream

LOOK_S = 0.02
_PROCESS_LOOK_S = 0.1
_IDLE_S, _IDLE_GAPS = 0.3, 1.5


class StallObserver:
    """Takes the looks at one stall. Times count from ``begin``. A look reads each connection once."""

    def __init__(self, witness: ConnectionReading, stalled: ConnectionReading, view: ServerView) -> None:
        self._witness, self._stalled, self._view = witness, stalled, view
        self._witness_stream = WitnessStream(witness.stream_client)
        self._memory: int | None = None
        self._withheld = WithheldTime()
        self._withheld_s: float | None = None
        self._processes_due_s = 0.0
        self.began_s = trio.current_time()
        self._noted_s = 0.0
        self.looks: Looks
        """The kept looks of the stall; set by ``begin``."""
        self.own_lag_s = 0.0
        """The longest time since the stall began in which this program did not run, in seconds."""

    def begin(self) -> None:
        """Record that the stall begins now."""
        self.began_s = trio.current_time()
        self.looks = Looks(self.look())
        self.own_lag_s = self._noted_s = 0.0

    @property
    def at_s(self) -> float:
        """Seconds since the stall began."""
        return trio.current_time() - self.began_s

    @property
    def server_state(self) -> TcpState | None:
        """TCP state of the server's end at the last look; None if it no longer exists or cannot be read."""
        return self._stalled.server.state if self._stalled.server else None

    @property
    def witness_waits(self) -> bool:
        """Whether bytes for the witness were in either kernel at the last look."""
        return bool(self._witness.rcvq_bytes or self._witness.outq_bytes)

    def look(self) -> Look:
        """Take one look and do not keep it."""
        now = trio.current_time()
        if now >= self._processes_due_s:
            self._memory = self._view.rss_bytes()
            self._withheld_s = self._withheld.read(self._view.pids)
            self._processes_due_s = now + _PROCESS_LOOK_S
        stalled, witness = self._stalled, self._witness
        stalled.read()
        if witness is not stalled:
            witness.read()
        witness_bytes, witness_idle_s = self._witness_stream.look(witness.own)
        return Look(
            at_s=now - self.began_s,
            witness_bytes=witness_bytes,
            witness_idle_s=witness_idle_s,
            received_bytes=stalled.received_bytes,
            rcvq_bytes=stalled.rcvq_bytes,
            outq_bytes=stalled.outq_bytes,
            memory_bytes=self._memory,
            witness_rcvq_bytes=witness.rcvq_bytes,
            withheld_s=self._withheld_s,
        )

    def note(self) -> Look:
        """Take one look and keep it for the judgement."""
        seen = self.look()
        self.looks.add(seen)
        self.own_lag_s = max(self.own_lag_s, seen.at_s - self._noted_s - LOOK_S)
        self._noted_s = seen.at_s
        return seen

    @property
    def server_closes(self) -> bool:
        """Whether the state in either kernel shows that the server has ended the stalled client's
        connection.
        """
        if not self._stalled.stream_client.connection.alive:
            return True
        if self._stalled.own.info.state != TcpState.ESTABLISHED:
            return True
        return self._view.visible and self.server_state != TcpState.ESTABLISHED


def stands_still(now: Look, usual_gap_s: float) -> bool:
    """Whether the witness receives nothing while bytes for the stalled client wait in both kernels; then
    the stall is watched longer.
    """
    waits = now.rcvq_bytes > 0 and (now.outq_bytes is None or now.outq_bytes > 0)
    return waits and now.witness_idle_s > max(_IDLE_S, _IDLE_GAPS * usual_gap_s)
