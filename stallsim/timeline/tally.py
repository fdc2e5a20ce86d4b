"""The exact figures of one connection, updated with every record; a run is judged by them.

Samples and happenings may be thinned in memory while a run goes on. A tally has counted each of them
before that, so no verdict, result or ledger depends on which of them are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..kinds import EventKind, Phase
from ..profile.expectation import Metric
from .records import ConnectionInfo, Event, Happening, PhaseEvent
from .sample import Sample

ENDED = frozenset({Phase.CLOSED, Phase.RESET, Phase.TIMED_OUT})
INTENTIONS = frozenset(
    {EventKind.SLEEPS, EventKind.STOPS_READING, EventKind.READS_SLOWLY, EventKind.VANISHES}
)
"""The events with which a client announces a stall."""
_TICKS_TO_CONFIRM = 2
"""Ticks that a confirmation takes: two samples in a row. A client that was ended sooner could not be
confirmed.
"""
_NAMES_MAX = 100
"""The most phases and events that are kept to be shown if an expectation is not met."""


@dataclass(slots=True)
class Tally:
    """The running figures of one connection. Bytes are frame bytes on the wire."""

    orders: Sequence[Sequence[str]] = ()
    """For each expectation, the phases and events that must occur in this order."""
    last: Sample | None = None
    peak: Sample | None = None
    """The first sample with the longest application queue."""
    growth_ticks: int = 0
    """The number of samples with more bytes in the application queue than the sample before."""
    queue_messages_max: int = 0
    queue_capacity_bytes_max: int = 0
    pending_bytes_max: int = 0
    held_bytes_max: int = 0
    outq_bytes_max: int = 0
    rcvq_bytes_max: int = 0
    drops: bool = False
    waits: bool = False
    breach: Sample | None = None
    """The first settled sample whose bytes do not add up, if there is one."""
    breaches: int = 0
    reached: list[int] = field(default_factory=list)
    """For each of ``orders``, the number of its names that have occurred in order."""
    seen: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    names_more: int = 0
    phase: Phase | None = None
    meant_to: bool = False
    """Whether the client has ever announced a stall."""
    stalling: bool = False
    """Whether the client's announced stall goes on."""
    confirmed: bool = False
    """Whether the kernel confirmed a stall while one was announced."""
    intention: Event | None = None
    """The latest announcement."""
    ended_tick: int | None = None
    slow_tick: int | None = None
    received_at_once_bytes: int = 0
    """The most bytes that reached a slow reader in one tick. A window that opens for more than the initial
    congestion window is filled in portions, and the order of their ACKs decides which have arrived.
    """
    vanished_tick: int | None = None
    loss_probe_may_send: bool = False
    """Whether the client vanished while unsent bytes waited and its window was open. Then the server's
    kernel, limited by the congestion window, sends more whenever its loss probe's timer expires (RFC 8985
    7).
    """

    def __post_init__(self) -> None:
        if not self.reached:
            self.reached = [0] * len(self.orders)

    def count(self, now: Sample) -> None:
        """Count one more sample, at about 1 us."""
        queue_bytes, before, peak = now.queue_bytes, self.last, self.peak
        self.last = now
        if before is not None and queue_bytes > before.queue_bytes:
            self.growth_ticks += 1
        if peak is None or queue_bytes > peak.queue_bytes:
            self.peak = now
        if now.queue_messages > self.queue_messages_max:
            self.queue_messages_max = now.queue_messages
        if now.queue_capacity_bytes > self.queue_capacity_bytes_max:
            self.queue_capacity_bytes_max = now.queue_capacity_bytes
        if now.pending_bytes > self.pending_bytes_max:
            self.pending_bytes_max = now.pending_bytes
        if now.held_bytes > self.held_bytes_max:
            self.held_bytes_max = now.held_bytes
        if now.outq_bytes > self.outq_bytes_max:
            self.outq_bytes_max = now.outq_bytes
        if now.rcvq_bytes > self.rcvq_bytes_max:
            self.rcvq_bytes_max = now.rcvq_bytes
        if self.slow_tick is not None and before is not None and now.tick > self.slow_tick:
            at_once = now.received_bytes - before.received_bytes
            self.received_at_once_bytes = max(self.received_at_once_bytes, at_once)
        if now.dropped_bytes:
            self.drops = True
        if now.producer_waits:
            self.waits = True
        if now.settled and now.unaccounted_bytes:
            self.breach = self.breach or now
            self.breaches += 1
        if self.vanished_tick is not None and now.tick > self.vanished_tick:
            self.loss_probe_may_send |= now.notsent_bytes > 0 and not now.window_shut

    def note(self, happening: Happening) -> None:
        """Count one more phase or event."""
        if isinstance(happening, PhaseEvent):
            self.phase = happening.phase
            name = happening.phase.value
        else:
            self._note_event(happening)
            name = happening.kind.value
        self.seen.add(name)
        if len(self.names) < _NAMES_MAX:
            self.names.append(name)
        else:
            self.names_more += 1
        for index, order in enumerate(self.orders):
            reached = self.reached[index]
            if reached < len(order) and order[reached] == name:
                self.reached[index] += 1

    def _note_event(self, event: Event) -> None:
        if event.kind is EventKind.STALLED:
            self.confirmed |= self.stalling
        if event.kind in INTENTIONS:
            self.meant_to = self.stalling = True
            self.intention = event
            if event.kind is EventKind.READS_SLOWLY and self.slow_tick is None:
                self.slow_tick = event.tick
        elif event.kind is EventKind.WAKES:
            self.stalling = False
        elif event.kind is EventKind.ENDED:
            self.ended_tick = event.tick
        if event.kind is EventKind.VANISHES and self.vanished_tick is None:
            self.vanished_tick = event.tick

    @property
    def cut_short(self) -> bool:
        """Whether the connection ended before the kernel could confirm its stall, for which it is read
        twice. A sleeping tab also reads on at first.
        """
        if self.intention is None or self.ended_tick is None:
            return False
        early = self.ended_tick - self.intention.tick < _TICKS_TO_CONFIRM
        return early or self.intention.kind is EventKind.SLEEPS

    @property
    def queue_bytes_max(self) -> int:
        """The most bytes that the application queue has had."""
        return self.peak.queue_bytes if self.peak else 0

    def value(self, which: Metric) -> int:
        """The value of a connection's metric; 0 if it was never sampled."""
        name = which.value.replace("-", "_")
        if name.endswith("_max"):
            most: int = getattr(self, name)
            return most
        last: int = getattr(self.last, name.removesuffix("_end")) if self.last else 0
        return last


class JudgedConnection(NamedTuple):
    """The parts of a connection that a verdict uses."""

    info: ConnectionInfo
    tally: Tally
