"""Every happening in plain words, with the numbers of the moment.

The word "stalled" appears for ``EventKind.STALLED`` alone: only there has the kernel confirmed it.
All words are ASCII; a peer's own words go through ``clean``.
"""

from ..kinds import EventKind, Phase
from ..timeline.records import Event, Happening, PhaseEvent
from ..timeline.sample import Refusal, Sample
from ..timeline.timeline import Timeline
from ..units import format_count
from .clean import clean
from .detail import Detail
from .outside import is_outside, outside_event, outside_phase

__all__ = ["clean", "client_name", "describe_happening", "phase_words"]

_REFUSALS = {
    Refusal.NONE: "for now",
    Refusal.EAGAIN: "EAGAIN",
    Refusal.NOT_WRITABLE: "epoll offers no write",
    Refusal.INFERRED: "inferred",
}


def client_name(timeline: Timeline, connection: int) -> str:
    """The client's name, with the connection's number where several bear that name."""
    info = timeline.connections.get(connection)
    if info is None:
        return f"connection {connection}"
    name = info.client
    groups = timeline.header.scenario.clients if timeline.header else []
    alone = any(group.name == name and group.count == 1 for group in groups)
    return clean(name, 32) if alone else f"{clean(name, 32)} #{connection}"


def describe_happening(happening: Happening, timeline: Timeline) -> str:
    """``sleeper: zero-window: ...``; what concerns no single client has no name before it."""
    if isinstance(happening, PhaseEvent):
        info = timeline.connections.get(happening.connection)
        phase, now = happening.phase, happening.sample
        seen = outside_phase(phase, now, info) if info is not None and is_outside(info) else None
        words = f"{phase.value}: {seen or phase_words(phase, now)}"
    else:
        words = f"{happening.kind.value}: {_event_words(happening)}"
    if happening.connection is None:
        return words
    return f"{client_name(timeline, happening.connection)}: {words}"


def phase_words(phase: Phase, now: Sample) -> str:
    """What it means that ``phase`` begins with the sample ``now``."""
    n = format_count
    match phase:
        case Phase.CONNECTING:
            return "TCP is connected, and the opening handshake is not complete"
        case Phase.FLOWING:
            return f"the client reads what it is sent, {n(now.read_bytes)} bytes so far"
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
            taken = f"takes no more ({_REFUSALS[now.refusal]})"
            at = f"at {n(now.outq_bytes)} bytes queued"
            return f"the server's kernel {taken} {at}; {_waiting(now)} in the application"
        case Phase.USERSPACE_GROWTH:
            return f"{n(now.queue_bytes)} bytes; {_waiting(now)} in the application, and it grows"
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


def _event_words(event: Event) -> str:
    n = Detail(event.detail)
    match event.kind:
        case EventKind.WORD:
            was = n.text("was")
            before = f", {was} before" if was else ""
            return f"the connection of {n.text('peer')} is {n.text('word')}{before}: {n.text('why')}"
        case EventKind.SLEEPS:
            return f"the application is gone ({n.text('asleep')}); its network may read on"
        case EventKind.STOPS_READING:
            held = f", {n['held_bytes']} of them held inside" if n["held_bytes"] != "0" else ""
            return f"the client means to read no more; {n['read_bytes']} bytes read{held}"
        case EventKind.READS_SLOWLY:
            rate = f"{n['rate']} bytes a second"
            if "share" in event.detail:
                rate = f"{n.text('share')} of the stream"
            return f"from now on the client reads {rate} and no more"
        case EventKind.VANISHES:
            return "from now on no segment reaches the client"
        case EventKind.NETWORK_DOWN:
            return "for a while no segment reaches the client"
        case EventKind.NETWORK_UP:
            return "segments reach the client again"
        case EventKind.HALF_CLOSES:
            return "FIN: the client has said all that it will say"
        case EventKind.CLOSE_IGNORED:
            return "the client has read the server's Close, and does not answer"
        case EventKind.LEAVES:
            return f"the client ends TCP, and waits for nobody ({n.text('how')})"
        case EventKind.WAKES:
            return "the application is back"
        case EventKind.STALLED:
            return f"the kernel confirms it: {n.text('evidence')}"
        case EventKind.ZERO_WINDOW:
            behind = f"{n['rcvq_bytes']} bytes unread there, {n['notsent_bytes']} unsent here"
            return f"the client's kernel advertises 0; {behind}"
        case EventKind.PRODUCER_WAITS:
            return f"the policy makes the producer wait at {n['queue_bytes']} bytes queued"
        case EventKind.PONG_MISSING:
            return f"Ping {n['ping']} is not answered and the next one is due"
        case EventKind.PONG_LATE:
            return f"{n['pongs']} late, the oldest Ping is answered after {n.seconds('after_s')}"
        case EventKind.PROTOCOL_ERROR:
            return f"the peer broke the protocol: {n.text('error')}"
        case EventKind.CLOSE_WANTED:
            return f"the server begins to close; {n['queue_bytes']} bytes are queued before its Close"
        case EventKind.GUARD_ACTED:
            return f"{n.text('guard')}: its patience is over, with {n['queue_bytes']} bytes queued"
        case EventKind.SOCKET_GONE:
            return "the server's kernel has let go of the connection"
        case EventKind.CLOSE_RECEIVED:
            reason = f'"{n.text("reason")}"' if event.detail.get("reason") else "no close reason"
            return f"status code {n.text('code')}, {reason}"
        case EventKind.END_SEEN:
            code = f", status code {n.text('code')}" if "code" in event.detail else ""
            return f"the client has come upon it: {n.text('how')}{code}"
        case EventKind.ABORTED:
            return f"the server gives the client up with {n['queue_bytes']} bytes queued"
        case EventKind.ENDED:
            error = f" ({n.text('error')})" if event.detail.get("error") else ""
            return f"{n.text('how')}{error}"
        case EventKind.TCP_MEMORY_PRESSURE:
            used = f"{n['used_pages']} pages of {n['pressure_pages']}"
            return f"the machine's TCP memory runs short, {used}: buffers are no longer as asked"
        case EventKind.MEMORY_CEILING:
            return f"{n['queue_bytes']} bytes in the application queues: the run ends here"
        case EventKind.TRIES | EventKind.ANSWERS_NO_PING | EventKind.SERVER_ENDS | EventKind.JUDGED:
            return outside_event(event)


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
