"""The data for the page's script, as JSON that is safe within a page."""

from collections.abc import Iterable, Sequence
from typing import Any

from ...json_text import json_text
from ...timeline.records import PhaseEvent
from ...timeline.sample import Refusal, Sample
from ...views.clean import clean
from ...views.queue_colours import QUEUES
from ...views.words import client_name, describe_happening
from ..found import Found
from ..tracks import QueueTrack, memory_within, tracks_of

COLUMNS = (
    "held_bytes", "rcvq_bytes", "rmem_alloc_bytes", "rcvbuf_bytes", "snd_wnd_bytes", "outq_bytes",
    "notsent_bytes", "wmem_queued_bytes", "sndbuf_bytes", "queue_bytes", "pending_bytes", "queue_messages",
    "read_bytes", "produced_bytes", "dropped_bytes", "discarded_bytes",
)  # fmt: skip
_WORDS_MAX = 300


def embedded(found: Sequence[Found]) -> str:
    """The JSON for a ``<script type="application/json">``; nothing in it can end the script."""
    subjects = [_subject(one) for one in found if one.timeline is not None]
    text = json_text({"queues": _queues(), "subjects": subjects})
    return text.replace("<", "\\u003c")


def _queues() -> list[dict[str, str]]:
    return [one._asdict() for one in QUEUES]


def _subject(found: Found) -> dict[str, Any]:
    timeline = found.timeline
    assert timeline is not None, "a subject without a timeline has nothing to draw"
    return {
        "name": clean(found.name, _WORDS_MAX),
        "tick_s": timeline.scenario.tick_s,
        "ticks": timeline.header is None or timeline.header.probe is None,
        "connections": [_connection(found, track) for track in tracks_of(timeline)],
    }


def _connection(found: Found, track: QueueTrack) -> dict[str, Any]:
    timeline, info, points = found.timeline, track.info, track.points
    assert timeline is not None
    words = [
        [one.tick, clean(describe_happening(one, timeline), _WORDS_MAX), isinstance(one, PhaseEvent)]
        for one in track.happenings
    ]
    return {
        "name": client_name(timeline, info.connection),
        "kind": clean(info.kind),
        "stalls": info.stalls.value,
        "inferred": info.inferred,
        "unknown": info.unknown,
        "ticks": deltas(one.tick for one in points),
        "columns": {field: deltas(getattr(one, field) for one in points) for field in COLUMNS},
        "refused": deltas(int(one.refusal is not Refusal.NONE) for one in points),
        "phases": [[one.tick, one.phase.value] for one in track.phases],
        "words": words,
        "left_out": track.happenings_left_out,
        "memory": _memory(found, track, points),
    }


def _memory(found: Found, track: QueueTrack, points: Sequence[Sample]) -> list[int] | None:
    """The server's resident set at each point; None if it was not read."""
    assert found.timeline is not None
    readings = memory_within(found.timeline, track)
    if not readings:
        return None
    values, place = [], 0
    for point in points:
        while place + 1 < len(readings) and readings[place + 1].tick <= point.tick:
            place += 1
        values.append(readings[place].rss_bytes)
    return deltas(values)


def deltas(values: Iterable[int]) -> list[int]:
    """The first value, then each value's difference from the one before: short, since values change
    little.
    """
    made, before = [], 0
    for value in values:
        made.append(value - before)
        before = value
    return made
