"""The start of a phase, in words, with the numbers of its moment."""

from ...kinds import Phase
from ...timeline.sample import Refusal, Sample
from ...units import format_count
from .wording import number_of

_REFUSALS = {
    Refusal.NONE: "for now",
    Refusal.EAGAIN: "EAGAIN",
    Refusal.NOT_WRITABLE: "epoll: not writable",
    Refusal.INFERRED: "inferred",
}


def phase_words(phase: Phase, now: Sample) -> str:
    """The meaning of the start of ``phase``, with the numbers of the sample ``now``."""
    n = format_count
    match phase:
        case Phase.CONNECTING:
            return "TCP is connected, and the opening handshake is not complete"
        case Phase.FLOWING:
            return f"the client reads what it receives, {n(now.read_bytes)} bytes so far"
        case Phase.RECEIVER_FILLING:
            window = f"its window is {n(now.snd_wnd_bytes)}"
            return f"the client's kernel holds {n(now.rcvq_bytes)} unread bytes; {window}"
        case Phase.UNACKNOWLEDGED:
            return f"{n(now.inflight_bytes)} bytes are sent and nothing is acknowledged any more"
        case Phase.SENDER_FILLING:
            queued = f"the server's kernel queues {n(now.outq_bytes)} bytes"
            if now.window_shut:
                return f"window {n(now.snd_wnd_bytes)} is too small for the next segment; {queued}"
            return f"{queued}, {n(now.inflight_bytes)} of them sent and not acknowledged"
        case Phase.WRITE_BLOCKED:
            taken = f"accepts no more ({_REFUSALS[now.refusal]})"
            at = f"at {n(now.outq_bytes)} bytes queued"
            return f"the server's kernel {taken} {at}; {_waiting(now)} in the application"
        case Phase.USERSPACE_GROWTH:
            return f"{n(now.queue_bytes)} bytes; {_waiting(now)} in the application queue, which grows"
        case Phase.POLICY_ACTED:
            return _policy_words(now)
        case Phase.DRAINING:
            left = f"{n(now.queue_bytes)} bytes are left in the application"
            return f"the client reads again; {left}, {n(now.outq_bytes)} in the server's kernel"
        case Phase.RECOVERED:
            return f"every queue is empty again; {_read_of(now)}"
        case Phase.CLOSED:
            return f"the connection has ended; {_read_of(now)}"
        case Phase.RESET:
            return f"the connection was aborted (RST); {_read_of(now)}"
        case Phase.TIMED_OUT:
            gave_up = f"the server's kernel gave up after {n(now.retrans_segments)} retransmissions"
            return f"{gave_up}; {_read_of(now)}"


def _policy_words(now: Sample) -> str:
    if now.producer_waits:
        return f"the producer waits; {_waiting(now)}, {format_count(now.queue_bytes)} bytes"
    dropped = number_of(now.dropped_messages, "message")
    lost = f"{dropped} dropped so far, {format_count(now.dropped_bytes)} bytes"
    if now.discarded_bytes:
        lost += f"; {format_count(now.discarded_bytes)} bytes discarded"
    return lost


def _waiting(now: Sample) -> str:
    waits = "waits" if now.queue_messages == 1 else "wait"
    return f"{number_of(now.queue_messages, 'message')} {waits}"


def _read_of(now: Sample) -> str:
    counts = ((now.dropped_bytes, "dropped"), (now.discarded_bytes, "discarded"))
    lost = "".join(f", {format_count(count)} {word}" for count, word in counts if count)
    read, produced = format_count(now.read_bytes), format_count(now.produced_bytes)
    return f"{read} of {produced} bytes were read{lost}"
