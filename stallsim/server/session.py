"""One connection of the server, after its opening handshake: the only code that writes to it.

Every write is non-blocking, so that the byte at which the kernel says no is seen and counted. A
session has no task and no clock of its own: whoever paces the run calls ``write`` and ``receive``.
"""

import socket
from collections.abc import Callable

from wsproto import WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import CloseConnection, Ping, Pong
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from ..kernel import options
from ..records import EventKind, Phase
from ..sample import Refusal
from ..scenario import WriteMode
from .keepalive import Keepalive
from .outbox import Outbox
from .policies._base import Admission, Message, Policy, Queue

_READ_BYTES = 65536
Report = Callable[..., None]


class Session:
    """Moves messages from a policy's queue into the kernel and answers the peer's control frames.

    ``report(kind, **detail)`` receives what happens. All counts are frame bytes.
    """

    def __init__(
        self,
        sock: socket.socket,
        websocket: WSConnection,
        policy: Policy,
        write_mode: WriteMode,
        report: Report,
    ) -> None:
        self.sock, self._websocket, self.policy = sock, websocket, policy
        self._one_buffer = write_mode is WriteMode.WHEN_WRITABLE
        self._report = report
        self._keepalive = Keepalive(report)
        self.queue, self.outbox = Queue(), Outbox(sock)
        self.produced_bytes = self.produced_messages = 0
        self.control_bytes = self.discarded_bytes = 0
        self.refusal = Refusal.NONE
        self.producer_waits = False
        self._closing = False
        self.doomed = False
        """To be aborted, once both ends have been read: the policy's answer, or a broken peer."""
        self.ended: Phase | None = None

    def offer(self, message: Message, now: float) -> bool:
        """Offer one message of the stream; False makes the producer wait with it."""
        if self.ended or self.doomed or self._closing:
            return True
        admission = self.policy.offer(self.queue, message, now)
        waited, self.producer_waits = self.producer_waits, admission is Admission.WAIT
        if self.producer_waits:
            if not waited:
                self._report(EventKind.PRODUCER_WAITS, queue_bytes=self.queue.total_bytes)
            return False
        self.produced_bytes += len(message.frame)
        self.produced_messages += 1
        if admission is Admission.ABORT:
            self.queue.drop(message)
            self.doomed = True
        return True

    def write(self, now: float) -> int:
        """One write, as the write mode says: the bytes that the kernel took, 0 when it takes none."""
        before = self.outbox.accepted_bytes
        self.refusal = Refusal.NONE
        if not self.ended and (self.outbox or self.queue):
            if self._one_buffer and not self.outbox.writable():
                self.refusal = Refusal.NOT_WRITABLE
            else:
                self._start(now)
                if self.outbox:
                    self._send(now)
        if self._closing and not self.outbox and not self.ended:
            self._end(Phase.CLOSED)
            options.finish(self.sock)  # the server ends TCP first (RFC 6455 7.1.1)
        return self.outbox.accepted_bytes - before

    def _note_started(self) -> None:
        """Tell the queue what of its messages is neither in it nor in the kernel."""
        self.queue.started_bytes = self.outbox.unsent_bytes
        self.queue.started_messages = self.outbox.messages

    def _start(self, now: float) -> None:
        """Start one message, or, in a server with one buffer, all that wait."""
        while not self._closing and (not self.outbox or (self._one_buffer and not self.outbox.full)):
            message = self.policy.take(self.queue, now)
            if message is None:
                break
            self.outbox.start(message.frame, message)

    def _send(self, now: float) -> None:
        try:
            self.refusal = self.outbox.send()
        except OSError as error:
            self.receive(now, error)  # a Close that came before the RST is still readable
            return
        if self.refusal is not Refusal.NONE:
            for message in self.outbox.unstarted():
                self.queue.put_back(message)
        self._note_started()

    def receive(self, now: float, broken: OSError | None = None) -> None:
        """Read and answer what the peer has sent: Pong, Ping, Close, end of stream.

        ``broken``: the error that a write has met, which is then what the stream ends with.
        """
        while not self.ended and not self.doomed:
            try:
                data = self.sock.recv(_READ_BYTES)
            except BlockingIOError:
                return
            except OSError as error:
                self._ended_by(broken or error)
                return
            if data and not self._closing:
                self._parse(data, now)
            elif not data:
                self._stream_ended(broken)

    def _stream_ended(self, broken: OSError | None) -> None:
        """FIN: after a Close as it should be, or without one; there is nothing more to hear."""
        if broken:
            self._ended_by(broken)
        else:
            self._end(Phase.CLOSED)
            options.finish(self.sock)  # the server ends TCP first (RFC 6455 7.1.1)

    def _parse(self, data: bytes, now: float) -> None:
        try:
            self._websocket.receive_data(data)
            for event in self._websocket.events():
                match event:
                    case Ping():
                        self._control(event.response())
                    case Pong():
                        self._keepalive.pong(bytes(event.payload), now)
                    case CloseConnection():
                        self._close_received(event)
        except RemoteProtocolError as error:
            self._broken(str(error), 1002)

    def _close_received(self, event: CloseConnection) -> None:
        if self._websocket.state is ConnectionState.OPEN:  # wsproto's own: the peer never said so
            self._broken(event.reason or "", int(event.code))
            return
        self._report(EventKind.CLOSE_RECEIVED, code=int(event.code), reason=event.reason or "")
        if self._websocket.state is ConnectionState.REMOTE_CLOSING:
            self.discarded_bytes += self.queue.clear()  # after our Close nothing may follow it
            self._control(event.response())
            self._closing = True

    def _broken(self, error: str, code: int) -> None:
        """The peer does not keep to RFC 6455 (7.1.7, _Fail the WebSocket Connection_)."""
        self._report(EventKind.PROTOCOL_ERROR, code=code, error=error)
        self.doomed = True

    def ping(self, now: float) -> None:
        """Send a Ping: behind what has been started, ahead of the queue (RFC 6455 5.5)."""
        self._control(self._keepalive.ping(now))

    def _control(self, event: Ping | Pong | CloseConnection) -> None:
        try:
            frame = self._websocket.send(event)
        except LocalProtocolError:  # a Close has been sent: nothing may follow it (RFC 6455 5.5.1)
            return
        self.control_bytes += len(frame)
        self.outbox.start(frame)
        self._note_started()

    def abort(self) -> None:
        """RST now; what was not in the kernel is discarded. Both ends must have been read before."""
        options.abort(self.sock)
        self._end(Phase.RESET)

    def _ended_by(self, error: OSError) -> None:
        self._end(Phase.TIMED_OUT if isinstance(error, TimeoutError) else Phase.RESET, error.strerror)

    def _end(self, how: Phase, error: str | None = None) -> None:
        if self.ended:
            return
        self.ended = how
        self.discarded_bytes += self.queue.clear() + self.outbox.unsent_bytes
        self.outbox.clear()
        self._note_started()
        self._report(EventKind.ENDED, how=how.value, error=error or "")
