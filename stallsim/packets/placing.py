"""Assigns comments to packets: to the last packet of the connection before the time of the
event's record.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from ..kernel.packet_socket import Packet
from ..kinds import EventKind
from ..timeline.records import Event, Happening
from .notes import Note, Notes
from .segment import Segment, segment_of


class _Latest(NamedTuple):
    """Numbers of a connection's packets."""

    any: int
    zero_window: int | None


class Placed(NamedTuple):
    """Happenings by the number of the packet, counted from 0 over all that were captured."""

    happenings: dict[int, list[Happening]]
    firsts: dict[int, int]
    """The first packet of each connection."""


def place(packets: Iterable[Packet], notes: Notes) -> Placed:
    """Assign all events in one pass over the packets. Events before the first packet are placed at the
    first.
    """
    placed: defaultdict[int, list[Happening]] = defaultdict(list)
    firsts: dict[int, int] = {}
    latest: dict[int | None, _Latest] = {}
    waiting = iter(notes.happenings)
    note = next(waiting, None)
    number = -1
    for number, packet in enumerate(packets):
        while note is not None and note.unix_ns < packet.unix_ns:
            placed[_number(note, latest)].append(note.happening)
            note = next(waiting, None)
        found = ours(packet, notes)
        if found is None:
            continue
        segment, connection, from_client = found
        firsts.setdefault(connection, number)
        before = latest.get(connection)
        shut = from_client and segment.window == 0 and not (segment.syn or segment.reset)
        zero_window = number if shut else before.zero_window if before else None
        latest[connection] = latest[None] = _Latest(number, zero_window)
    while note is not None and number >= 0:
        placed[_number(note, latest)].append(note.happening)
        note = next(waiting, None)
    return Placed(dict(placed), firsts)


def ours(packet: Packet, notes: Notes) -> tuple[Segment, int, bool] | None:
    """The segment, its connection, and whether the client sent it; None if it belongs to no connection of
    the run.
    """
    if packet.unix_ns < notes.began_ns:
        return None
    segment = segment_of(packet.data)
    if segment is None:
        return None
    for port, from_client in ((segment.source, True), (segment.destination, False)):
        info = notes.connection_at(port, packet.unix_ns)
        if info is not None:
            return segment, info.connection, from_client
    return None


def _number(note: Note, latest: dict[int | None, _Latest]) -> int:
    happening = note.happening
    seen = latest.get(happening.connection) or latest.get(None)
    if seen is None:
        return 0
    is_zero_window = isinstance(happening, Event) and happening.kind is EventKind.ZERO_WINDOW
    if is_zero_window and seen.zero_window is not None:
        return seen.zero_window
    return seen.any
