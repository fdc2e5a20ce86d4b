"""The deterministic extract of a run: every phase that began, with the byte counts of that tick.

The digest is the SHA-256 of the entries as canonical JSON (keys sorted, no white space), so anybody
can recompute it from ``--json``: ``jq -cjS .ledger.entries run.json | sha256sum``.
"""

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from .records import Event, EventKind, Happening, PhaseEvent
from .scenario import Pace
from .timeline import Timeline
from .tls import sealed_size

INITIAL_WINDOW = 10
"""Segments that may be sent unacknowledged at first (RFC 6928). A frame of more goes out in portions
whose acknowledgements may overtake each other, and the congestion window grows by their order."""


class Entry(Struct, frozen=True, kw_only=True):
    """One phase of one connection. Bytes are frame bytes on the wire."""

    connection: int
    client: str
    tick: int
    phase: str
    produced_bytes: int
    read_bytes: int
    rcvq_bytes: int
    outq_bytes: int
    notsent_bytes: int
    queue_bytes: int
    queue_messages: int
    dropped_bytes: int


class Ledger(Struct, frozen=True, kw_only=True):
    """A run's entries in order, their digest, and what keeps it from being comparable, if anything."""

    digest: str
    pinned: bool
    not_pinned: list[str]
    entries: list[Entry]


def make_ledger(timeline: Timeline) -> Ledger:
    """The ledger of a timeline."""
    entries = [
        _entry(happening, timeline)
        for happening in timeline.happenings
        if isinstance(happening, PhaseEvent)
    ]
    reasons = not_pinned(timeline)
    return Ledger(digest=digest(entries), pinned=not reasons, not_pinned=reasons, entries=entries)


def digest(entries: Sequence[Entry]) -> str:
    """SHA-256, in hex, of the entries' canonical JSON."""
    return hashlib.sha256(msgspec.json.encode(list(entries), order="sorted")).hexdigest()


def not_pinned(timeline: Timeline) -> list[str]:
    """Everything that was left to the kernel, and so may differ from run to run."""
    scenario = timeline.scenario
    reasons = []
    if scenario.pace is not Pace.LOCKSTEP:
        reasons.append("pace is realtime")
    if scenario.server.sndbuf is None:
        reasons.append("server.sndbuf is auto-tuned")
    if scenario.server.congestion is None:
        reasons.append("server.congestion is the system's default")
    pressed = EventKind.TCP_MEMORY_PRESSURE
    if any(_is(one, pressed) for one in timeline.happenings):
        reasons.append("the machine's TCP memory ran short (net.ipv4.tcp_mem)")
    sysctl = timeline.header.sysctl if timeline.header else {}
    loss_probes = sysctl.get("net.ipv4.tcp_early_retrans") != "0"
    for info in timeline.connections:
        if info.rcvbuf_bytes_asked is None:
            reasons.append(f"clients.{info.client}.rcvbuf is auto-tuned")
        if info.maxseg_bytes_asked is None:
            reasons.append(f"clients.{info.client}.maxseg is the route's")
        if _loss_probe_may_send(timeline, info.connection):
            reasons.append(f"{info.client} vanished while its window had room: loss probes send more")
        if info.deflate and loss_probes:
            reasons.append(
                f"messages to {info.client} differ in size (permessage-deflate), and loss probes race with "
                "their acknowledgements (net.ipv4.tcp_early_retrans in stack.sysctl: 0 stops the probes)"
            )
        size = sealed_size(scenario.stream.frame) if info.tls else scenario.stream.frame
        at_once = min(size, info.rcvbuf_bytes_effective)
        if at_once > INITIAL_WINDOW * info.snd_mss_bytes:
            reasons.append(f"stream.frame is more than {INITIAL_WINDOW} segments to {info.client}")
    return list(dict.fromkeys(reasons))


def _loss_probe_may_send(timeline: Timeline, connection: int) -> bool:
    """Whether a peer was gone with unsent bytes and an open window: limited by the congestion window,
    the server's kernel sends more whenever its loss probe's timer says so (RFC 8985 7).
    """
    vanished = next((one for one in timeline.about(connection) if _is(one, EventKind.VANISHES)), None)
    if vanished is None:
        return False
    after = (one for one in timeline.samples[connection] if one.tick > vanished.tick)
    return any(one.notsent_bytes and not one.window_shut for one in after)


def _is(happening: Happening, kind: EventKind) -> bool:
    return isinstance(happening, Event) and happening.kind is kind


def first_difference(left: Ledger, right: Ledger) -> tuple[int, Entry | None, Entry | None] | None:
    """The first entry in which two ledgers differ, with its index; None where they agree.

    An entry that one of them lacks is None.
    """
    for index in range(max(len(left.entries), len(right.entries))):
        ours = left.entries[index] if index < len(left.entries) else None
        theirs = right.entries[index] if index < len(right.entries) else None
        if ours != theirs:
            return index, ours, theirs
    return None


def _entry(event: PhaseEvent, timeline: Timeline) -> Entry:
    sample = event.sample
    return Entry(
        connection=event.connection,
        client=timeline.connections[event.connection].client,
        tick=event.tick,
        phase=event.phase.value,
        produced_bytes=sample.produced_bytes,
        read_bytes=sample.read_bytes,
        rcvq_bytes=sample.rcvq_bytes,
        outq_bytes=sample.outq_bytes,
        notsent_bytes=sample.notsent_bytes,
        queue_bytes=sample.queue_bytes,
        queue_messages=sample.queue_messages,
        dropped_bytes=sample.dropped_bytes,
    )
