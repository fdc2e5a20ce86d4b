"""Describes every happening in plain words, with the numbers of its moment.

The word "stalled" appears only for the event ``Stalled``, which the kernel has confirmed. All words are
ASCII; a peer's own words go through ``clean``.
"""

from typing import assert_never

from ..kinds import Phase
from ..timeline.events.client import (
    AnswersNoPing,
    CloseIgnored,
    EndSeen,
    HalfCloses,
    Leaves,
    NetworkDown,
    NetworkUp,
    ReadsSlowly,
    Sleeps,
    StopsReading,
    Vanishes,
    Wakes,
)
from ..timeline.events.fleet import (
    ClientsEnded,
    ClientsRefused,
    ClientsUnanswered,
    FleetGrows,
    FleetStops,
    FleetWakes,
    HandshakesWait,
    WorkerLost,
)
from ..timeline.events.kernel import (
    LargePagesShort,
    ServerEnds,
    SocketGone,
    Stalled,
    TcpMemoryPressure,
    TicksLate,
    ZeroWindow,
)
from ..timeline.events.probe import Judged, ServerNotReady, Tries
from ..timeline.events.server import (
    Aborted,
    CloseReceived,
    CloseWanted,
    Ended,
    GuardActed,
    MemoryCeiling,
    PongLate,
    PongMissing,
    ProducerWaits,
    ProtocolError,
)
from ..timeline.events.watch import Word
from ..timeline.events.what import What
from ..timeline.records import Happening, PhaseEvent
from ..timeline.sample import Refusal, Sample
from ..timeline.timeline import Timeline
from ..units import format_count, format_seconds
from .clean import clean
from .fleet.events import event_words
from .outside import is_outside, outside_phase

__all__ = ["clean", "client_name", "describe_happening", "phase_words"]

_PEER_LIMIT = 160
"""The most characters that are shown of a peer's own words."""
_REFUSALS = {
    Refusal.NONE: "for now",
    Refusal.EAGAIN: "EAGAIN",
    Refusal.NOT_WRITABLE: "epoll: not writable",
    Refusal.INFERRED: "inferred",
}


def client_name(timeline: Timeline, connection: int) -> str:
    """The client's name, with the connection's number if several clients have that name."""
    info = timeline.connections.get(connection)
    if info is None:
        return f"connection {connection}"
    name = info.client
    groups = timeline.header.scenario.clients if timeline.header else []
    alone = any(group.name == name and group.count == 1 for group in groups)
    return clean(name, 32) if alone else f"{clean(name, 32)} #{connection}"


def describe_happening(happening: Happening, timeline: Timeline) -> str:
    """``sleeper: zero-window: ...``; without a client's name if the happening concerns no single client."""
    if isinstance(happening, PhaseEvent):
        info = timeline.connections.get(happening.connection)
        phase, now = happening.phase, happening.sample
        seen = outside_phase(phase, now, info) if info is not None and is_outside(info) else None
        words = f"{phase.value}: {seen or phase_words(phase, now)}"
    else:
        words = f"{happening.kind.value}: {_event_words(happening.what)}"
    if happening.connection is None:
        return words
    return f"{client_name(timeline, happening.connection)}: {words}"


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
    dropped = _count(now.dropped_messages, "message")
    lost = f"{dropped} dropped so far, {format_count(now.dropped_bytes)} bytes"
    if now.discarded_bytes:
        lost += f"; {format_count(now.discarded_bytes)} bytes discarded"
    return lost


def _event_words(what: What) -> str:
    n = format_count
    match what:
        case Word():
            before = f" (before: {_text(what.was)})" if what.was else ""
            return (
                f"the connection with {_text(what.peer)} is {_text(what.word)}{before}: {_text(what.why)}"
            )
        case Sleeps():
            reads = "its network process may still read"
            return f"the client's application sleeps ({_text(what.asleep)}); {reads}"
        case StopsReading():
            held = f", {n(what.held_bytes)} of them held inside the client" if what.held_bytes else ""
            return f"the client intends to stop reading; {n(what.read_bytes)} bytes read{held}"
        case ReadsSlowly(share=None):
            return f"from now on the client reads {n(what.rate or 0)} bytes a second at most"
        case ReadsSlowly():
            return f"from now on the client reads {what.share} of the stream at most"
        case Vanishes():
            return "from now on no segment reaches the client"
        case ServerNotReady():
            return f"the server is not ready, and is tried again: {_text(what.reason)}"
        case NetworkDown():
            return "no segment reaches the client until its network is up again"
        case NetworkUp():
            return "segments reach the client again"
        case HalfCloses():
            return "the client sends FIN: it sends no more data"
        case CloseIgnored():
            return "the client has read the server's Close, and does not answer"
        case Leaves():
            return f"the client ends TCP without waiting for the server ({_text(what.how)})"
        case Wakes():
            return "the client's application runs again"
        case Stalled():
            return f"the kernel confirms it: {_text(what.evidence)}"
        case ZeroWindow():
            behind = f"{n(what.rcvq_bytes)} bytes are unread, and {n(what.notsent_bytes)} are not sent"
            return f"the client's window is 0; {behind}"
        case ProducerWaits():
            return f"the policy makes the producer wait at {n(what.queue_bytes)} bytes queued"
        case PongMissing():
            return f"Ping {n(what.ping)} has no Pong, and the next Ping is due"
        case PongLate():
            late = f"{_count(what.pongs, 'Pong')} came late"
            return f"{late}; the oldest Ping was answered after {format_seconds(what.after_s)}"
        case ProtocolError():
            return f"the peer violated the protocol: {_text(what.error)}"
        case CloseWanted():
            return f"the server begins to close; {n(what.queue_bytes)} bytes are queued before its Close"
        case GuardActed():
            queued = f"{n(what.queue_bytes)} bytes are queued"
            return f"the time limit of {_text(what.guard)} is over; {queued}"
        case SocketGone():
            return "the server's kernel has released the connection"
        case CloseReceived():
            reason = f'"{_text(what.reason)}"' if what.reason else "no close reason"
            return f"status code {n(what.code)}, {reason}"
        case EndSeen():
            code = "" if what.code is None else f", status code {what.code}"
            return f"the client has read the server's end of the connection: {_text(what.how)}{code}"
        case Aborted():
            return f"the server aborts the connection with {n(what.queue_bytes)} bytes queued"
        case Ended():
            error = f" ({_text(what.error)})" if what.error else ""
            return f"{_text(what.how)}{error}"
        case TcpMemoryPressure():
            used = f"{n(what.used_pages)} pages of {n(what.pressure_pages)}"
            return f"the machine's TCP memory runs short, {used}: buffers do not have the requested sizes"
        case LargePagesShort():
            pieces = f"{n(what.pieces)} free pieces of 32 KiB, {n(what.free_kib)} KiB in all"
            return f"the machine has {pieces}: the kernel stores sent bytes in other pieces"
        case TicksLate():
            since, most = n(what.first_tick), format_seconds(what.late_s)
            late = f"tick {since} was late by {most}"
            if what.ticks > 1:
                late = f"{n(what.ticks)} ticks since tick {since} were late, by up to {most}"
            return f"{late}: a phase that began and ended within that time is missing"
        case MemoryCeiling():
            return f"{n(what.queue_bytes)} bytes in the application queues: the run ends (memory ceiling)"
        case Tries():
            place = f"{n(what.number)} of {n(what.of)}"
            return f"{place}, {_text(what.stall)}: a client {_text(what.does)}"
        case AnswersNoPing():
            return "from now on the client answers no Ping, but still reads"
        case ServerEnds():
            return f"the server's end of the connection is in the state {_text(what.state)}"
        case Judged():
            findings = f"; {_text(what.findings)}" if what.findings else ""
            outcome = f"{_text(what.outcome)}, confidence {_text(what.confidence)}{findings}"
            return f"{outcome}: {_text(what.summary)}"
        case (
            FleetGrows()
            | ClientsRefused()
            | ClientsUnanswered()
            | ClientsEnded()
            | HandshakesWait()
            | WorkerLost()
            | FleetWakes()
            | FleetStops()
        ):
            return event_words(what)
        case _:
            assert_never(what)


def _text(words: str) -> str:
    """Words that may come from a peer, made safe and short."""
    return clean(words, _PEER_LIMIT)


def _count(number: int, noun: str) -> str:
    return f"{format_count(number)} {noun}{'' if number == 1 else 's'}"


def _waiting(now: Sample) -> str:
    waits = "waits" if now.queue_messages == 1 else "wait"
    return f"{_count(now.queue_messages, 'message')} {waits}"


def _read_of(now: Sample) -> str:
    counts = ((now.dropped_bytes, "dropped"), (now.discarded_bytes, "discarded"))
    lost = "".join(f", {format_count(count)} {word}" for count, word in counts if count)
    read, produced = format_count(now.read_bytes), format_count(now.produced_bytes)
    return f"{read} of {produced} bytes were read{lost}"
