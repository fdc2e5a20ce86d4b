"""One connection of the server, from its first byte to its last; only this module acts on its socket.

A session has no task and no clock: the pace of the run calls ``write``, ``receive`` and ``check``. Every
write is non-blocking (``sending``), so that the byte at which the kernel refuses is known and counted.
"""

import socket
import ssl

from ..kernel import options
from ..kernel.peer_errors import check_of_the_peer
from ..kinds import Phase
from ..profile.habits import Fin
from ..profile.scenario import ServerSpec
from ..timeline.events.server import Ended, GuardActed, ProducerWaits
from ..timeline.events.what import Report
from ..tls import Tls
from .defence import Defence
from .dialogue import Dialogue
from .guards import Disconnection, StateTimes
from .policies import Admission, Message
from .sending import Sending

GOING_AWAY = 1001
_READ_BYTES = 65536


class Session:
    """One connection. ``report`` receives its events; ``now``: when TCP connected, in seconds;
    ``context``: for a connection over TLS.
    """

    def __init__(
        self,
        sock: socket.socket,
        spec: ServerSpec,
        defence: Defence,
        report: Report,
        now: float = 0.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.sock = sock
        self.sending = Sending(sock, defence.policy, spec.write, now)
        tls = Tls(context) if context else None
        self.dialogue = Dialogue(self.sending, report, tls, deflate=spec.deflate)
        self._defence, self._fin, self._report, self._born_s = defence, spec.fin, report, now
        for guard in defence.guards:
            guard.prepare(sock)
        self.doomed = False
        """Whether the connection is to be aborted, once both ends have been read: by a decision, or
        because the peer broke the protocol.
        """
        self.ended: Phase | None = None
        self.peer_finished = False
        """Whether the peer's FIN has come, so that there is nothing more to read."""

    @property
    def open(self) -> bool:
        """Whether the opening handshake is complete."""
        return self.dialogue.open

    def offer(self, message: Message, now: float) -> bool:
        """Offer one message of the stream; False makes the producer wait with it."""
        if self.ended or self.doomed or not self.dialogue.takes_messages:
            return True
        waited = self.sending.producer_waits
        admission = self.sending.offer(message, now)
        if admission is Admission.WAIT and not waited:
            self._report(ProducerWaits(queue_bytes=self.sending.queue.total_bytes))
        self.doomed = admission is Admission.ABORT
        return admission is not Admission.WAIT

    def write(self, now: float) -> int:
        """Write once, as the write mode requires; return the bytes that the kernel accepted, 0 if none."""
        if self.ended:
            return 0
        try:
            closes = self.dialogue.closing.since is not None
            if closes:
                self._go_on_closing()
            written = self.sending.write(now)
        except OSError as error:
            check_of_the_peer(error)
            self.receive(now, error)  # a Close that came before the RST is still readable
            return 0
        if closes:
            self._go_on_closing()
        return written

    def _go_on_closing(self) -> None:
        self.dialogue.go_on()
        self._follow_dialogue()

    def receive(self, now: float, broken: OSError | None = None) -> None:
        """Read and answer what the peer has sent: its request, Pong, Ping, Close, end of stream.

        ``broken``: the error of a write, with which the stream then ends.
        """
        while not self.ended and not self.doomed:
            try:
                data = self.sock.recv(_READ_BYTES)
                if data:
                    self.dialogue.receive(data, now)
            except BlockingIOError:
                if broken:
                    self._ended_by(broken)
                return
            except OSError as error:
                check_of_the_peer(error)
                self._ended_by(broken or error)
                return
            self._follow_dialogue()
            if (not data or self.dialogue.peer_finished) and not self.doomed:
                self.peer_finished = True
                self._stream_ended(broken)
                return

    def _follow_dialogue(self) -> None:
        """Act on the protocol's decision: end TCP, or give the connection up."""
        self.doomed = self.doomed or self.dialogue.broken
        if self.dialogue.over:
            self._finish()

    def _stream_ended(self, broken: OSError | None) -> None:
        """Act on the client's FIN, after a Close or without one: nothing more will be received."""
        if broken:
            self._ended_by(broken)
        elif self._fin is Fin.ENDS or not self.dialogue.takes_messages:
            self._finish()

    def close(self, now: float) -> None:
        """Begin the closing handshake, unless it has begun or the connection is not open."""
        if not self.ended and not self.doomed and self.dialogue.takes_messages:
            self.dialogue.close(GOING_AWAY, now)

    def ping(self, now: float) -> None:
        """Send a Ping, unless the connection has ended."""
        if not self.ended:
            self.dialogue.ping(now)

    def check(self, now: float) -> None:
        """Check the guards, and act for the first one whose time has run out."""
        if not self._defence.guards or self.ended or self.doomed:
            return
        closing_since = self.dialogue.closing.since
        times = StateTimes(
            handshake_s=None if self.open else now - self._born_s,
            unanswered_s=self.dialogue.keepalive.unanswered_s(now),
            blocked_s=None if self.sending.empty else now - self.sending.moved_s,
            closing_s=None if closing_since is None else now - closing_since,
        )
        guard = self._defence.overdue(times)
        if guard is None:
            return
        self._report(GuardActed(guard=guard.name, queue_bytes=self.sending.queue.total_bytes))
        match guard.ends_by:
            case Disconnection.ABORT:
                self.doomed = True
            case Disconnection.CLOSE:
                self.close(now)

    def abort(self) -> None:
        """Abort with RST now; bytes that are not in the kernel are discarded. Both ends must have been
        read before.
        """
        options.abort(self.sock)
        self._end(Phase.RESET)

    def _finish(self) -> None:
        """End TCP from the server's end first (RFC 6455 7.1.1)."""
        if not self.ended:
            self.dialogue.part()
            self._end(Phase.CLOSED)
            options.finish(self.sock)

    def _ended_by(self, error: OSError) -> None:
        self._end(Phase.TIMED_OUT if isinstance(error, TimeoutError) else Phase.RESET, error.strerror)

    def _end(self, how: Phase, error: str | None = None) -> None:
        if self.ended:
            return
        self.ended = how
        self.sending.discard_all()
        self._report(Ended(how=how.value, error=error or ""))
