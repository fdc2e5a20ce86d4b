"""Sends a session's messages from the policy's queue through the outbox to the kernel, and counts bytes."""

import errno
import os
import socket

from ..profile.habits import WriteMode
from ..timeline.sample import Refusal
from .coder import Coder
from .outbox import Outbox
from .policies import Admission, Message, Policy, Queue


class Sending:
    """All bytes that are to be sent to a connection, wherever they are. All counts are frame bytes."""

    def __init__(self, sock: socket.socket, policy: Policy, write_mode: WriteMode, now: float) -> None:
        self._sock, self.policy = sock, policy
        self.queue, self.outbox = Queue(), Outbox(sock)
        self.coder: Coder | None = None
        """The coder between frames and kernel, if any; set once the opening handshake is complete."""
        self._one_buffer = write_mode is WriteMode.WHEN_WRITABLE
        self.produced_bytes = self.produced_messages = 0
        self.control_bytes = self.discarded_bytes = self.cut_bytes = 0
        self.refusal = Refusal.NONE
        self.producer_waits = False
        self.moved_s = now
        """When no byte waited, or the kernel accepted bytes, for the last time."""
        self.only_control = False
        """Whether a Close has been sent, so that no message may follow."""

    @property
    def empty(self) -> bool:
        """Whether the kernel has accepted all bytes."""
        return not (self.outbox.unsent_bytes or self.queue.bytes)

    @property
    def pending_bytes(self) -> int:
        """Encoded bytes that the kernel has not accepted: they cannot go back to the queue, and no policy
        can drop them.
        """
        return self.outbox.unsent_bytes if self.coder else 0

    def send_uncounted(self, words: bytes) -> None:
        """Send bytes that are not counted: a handshake, a last frame. Raises OSError if they cannot be
        sent.
        """
        try:
            sent = self._sock.send(words)
        except BlockingIOError:
            sent = 0
        if sent < len(words):
            raise ConnectionAbortedError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED))

    def offer(self, message: Message, now: float) -> Admission:
        """Offer one message to the policy, and count it as produced unless the producer must wait."""
        admission = self.policy.offer(self.queue, message, now)
        self.producer_waits = admission is Admission.WAIT
        if not self.producer_waits:
            self.produced_bytes += len(message.frame)
            self.produced_messages += 1
        if admission is Admission.ABORT:
            self.queue.drop(message)
        return admission

    def control(self, frame: bytes) -> None:
        """Send a control frame after the started frames and before the queue (RFC 6455 5.5)."""
        self.control_bytes += len(frame)
        self.outbox.start(self.coder.control(frame) if self.coder else frame)
        self._note_started()

    def add(self, coder: Coder, words: bytes) -> None:
        """Send bytes of TLS itself, while frames are being sent."""
        self.outbox.start(coder.add(words))
        self._note_started()

    def write(self, now: float) -> int:
        """Write once; return the bytes that the kernel accepted, 0 if none. Raises OSError."""
        self.refusal = Refusal.NONE
        if self.empty:
            self.moved_s = now
            return 0
        before = self.outbox.accepted_bytes
        if self._one_buffer and not self.outbox.writable():
            self.refusal = Refusal.NOT_WRITABLE
        else:
            self._start(now)
            if self.outbox.unsent_bytes:
                self.flush()
        written = self.outbox.accepted_bytes - before
        if written or self.empty:
            self.moved_s = now
        return written

    def _start(self, now: float) -> None:
        """Start one message; a server with one buffer starts all waiting messages that could go back.

        Messages go in one write with the control frames before them. Alone, those would be small segments,
        whose acknowledgement the kernel may delay by its clock.
        """
        all_that_wait = self._one_buffer and self.coder is None
        while not self.only_control and (
            not self.outbox.messages or (all_that_wait and not self.outbox.full)
        ):
            message = self.policy.take(self.queue, now)
            if message is None:
                break
            self.outbox.start(self.coder.message(message) if self.coder else message.frame, message)

    def flush(self) -> None:
        """Give the started frames to the kernel. Raises OSError."""
        self.refusal = self.outbox.send()
        if self.refusal is not Refusal.NONE and self.coder is None:
            for message in self.outbox.unstarted():
                self.queue.put_back(message)
        self._note_started()

    def discard_queue(self) -> None:
        """Discard the queued messages, since a Close is sent now and no message may follow it."""
        self.discarded_bytes += self.queue.clear()
        self.only_control = True

    def discard_all(self) -> None:
        """Discard everything, since the connection is over and the kernel accepts nothing more."""
        self.cut_bytes += self.pending_bytes
        self.discarded_bytes += self.queue.clear() + self.outbox.unsent_bytes - self.pending_bytes
        self.outbox.clear()
        self._note_started()

    def _note_started(self) -> None:
        """Update the queue's counts of bytes and messages that are neither in it nor in the kernel."""
        self.queue.started_bytes = self.outbox.unsent_bytes
        self.queue.started_messages = self.outbox.messages
