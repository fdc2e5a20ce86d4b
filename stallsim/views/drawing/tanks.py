"""Computes the five tanks of a connection, from the client on the left to the producer on the right.

The height of a tank is its limit in memory. Its content is drawn in layers: the payload as read from the
kernel, solid; above it, hatched, the memory that the kernel charges beyond the payload (headers, partly
used pages). The kernel compares the whole charge with the limit; the percentage is that charge. The
application queue, the window and the client's process have no limit known to the kernel and are drawn
against a round scale. With TLS or permessage-deflate, bytes that are encrypted or compressed and not yet in
the kernel are the lowest layer of the application queue, in a pattern of their own.
"""

from typing import NamedTuple

from rich.style import Style

from ...timeline.sample import Refusal, Sample
from ...units import format_count, format_size
from .moments import Moments
from .palette import HELD, QUEUE, RECEIVE, SEND, WINDOW, Glyphs
from .scale import percent, round_scale


class Layer(NamedTuple):
    """Bytes of one kind within a tank; a ``glyph`` of None means solid."""

    size: int
    glyph: str | None
    style: Style


class Tank(NamedTuple):
    """One place where bytes are queued, at one moment."""

    side: str
    name: str
    short: str
    value: int
    scale: int
    layers: list[Layer]
    notes: list[str]
    peak: int = 0
    alarm: bool = False
    mark: str = ""
    """``~`` before an inferred value, ``?`` instead of an unknown one."""


def tanks_of(moments: Moments, connection: int, tick: int, glyphs: Glyphs) -> list[Tank]:
    """The five tanks of a connection from the client to the producer; none before its first sample."""
    now = moments.sample(connection, tick)
    if now is None:
        return []

    def peak(field: str) -> int:
        return moments.peak(connection, field, tick)

    inside = Tank(
        "client", "process", "inside", now.held_bytes, round_scale(peak("held_bytes")),
        [Layer(now.held_bytes, None, HELD)],
        ["held inside", f"read {format_size(now.read_bytes)}", f"{now.read_messages:,} msgs"],
    )  # fmt: skip
    receive = Tank(
        "client kernel", "receive queue", "receive", now.rcvq_bytes,
        max(1, now.rcvbuf_bytes, now.rmem_alloc_bytes, now.rcvq_bytes),
        [
            Layer(now.rcvq_bytes, None, RECEIVE),
            Layer(max(0, now.rmem_alloc_bytes - now.rcvq_bytes), glyphs.charged, RECEIVE),
        ],
        [*_of(now.rmem_alloc_bytes, now.rcvbuf_bytes), f"mss {now.snd_mss_bytes}"],
    )  # fmt: skip
    usable = max(0, now.snd_wnd_bytes - now.inflight_bytes)
    window = Tank(
        "advertised", "window", "window", now.snd_wnd_bytes, round_scale(peak("snd_wnd_bytes")),
        [Layer(now.snd_wnd_bytes, None, WINDOW)],
        [_window_state(now), f"peak {format_size(peak('snd_wnd_bytes'))}", f"usable {format_size(usable)}"],
        alarm=now.snd_wnd_bytes == 0 or now.window_shut,
    )  # fmt: skip
    send = Tank(
        "server kernel", "send queue", "send", now.outq_bytes,
        max(1, now.sndbuf_bytes, now.wmem_queued_bytes, now.outq_bytes),
        [
            Layer(now.inflight_bytes, glyphs.unacknowledged, SEND),
            Layer(now.notsent_bytes, None, SEND),
            Layer(max(0, now.wmem_queued_bytes - now.outq_bytes), glyphs.charged, SEND),
        ],
        [*_of(now.wmem_queued_bytes, now.sndbuf_bytes), f"unsent {format_size(now.notsent_bytes)}",
         _room(now)],
        alarm=now.refusal is not Refusal.NONE,
    )  # fmt: skip
    highest = peak("queue_bytes")
    coded = moments.timeline.connections[connection].coded
    pending = [f"pending {format_size(now.pending_bytes)}"] if coded else []
    waiting = "msg" if now.queue_messages == 1 else "msgs"
    lost = now.dropped_bytes + now.discarded_bytes
    queue = Tank(
        "application", "queue", "queue", now.queue_bytes, round_scale(highest),
        [
            Layer(now.pending_bytes, glyphs.unacknowledged, QUEUE),
            Layer(now.queue_bytes - now.pending_bytes, None, QUEUE),
        ],
        [f"{format_count(now.queue_messages)} {waiting}", *pending, f"peak {format_size(highest)}",
         f"lost {format_size(lost)}" if lost else "none lost"],
        peak=highest, alarm=now.queue_bytes > 0,
    )  # fmt: skip
    return [inside, receive, window, send, queue]


def flows(before: Sample | None, now: Sample | None) -> list[bool | None]:
    """For each pair of neighbouring tanks, since the sample before: bytes moved (True), bytes wait (False),
    or there are none (None).
    """
    if now is None or before is None:
        return [None] * 4

    def moved(field: str, waiting: int) -> bool | None:
        return getattr(now, field) > getattr(before, field) or (False if waiting else None)

    into_kernel = moved("received_bytes", now.outq_bytes)
    read = moved("read_bytes", now.rcvq_bytes)
    return [read, into_kernel, into_kernel, moved("accepted_bytes", now.queue_bytes)]


def _of(charged: int, limit: int) -> list[str]:
    return [f"{percent(charged, limit)} memory", f"of {format_size(limit)}"]


def _window_state(now: Sample) -> str:
    if now.snd_wnd_bytes == 0:
        return "zero window"
    return "shut" if now.window_shut else "open"


def _room(now: Sample) -> str:
    """An estimate of the payload that still fits, if it is charged like the payload that is queued."""
    if now.refusal is not Refusal.NONE:
        return "no room ~" if now.refusal is Refusal.INFERRED else "no room"
    free = max(0, now.sndbuf_bytes - now.wmem_queued_bytes)
    per_byte = now.wmem_queued_bytes / now.outq_bytes if now.outq_bytes else 1.0
    return f"room ~{format_size(free / max(per_byte, 1.0))}"
