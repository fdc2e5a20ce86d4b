"""Describes how late a realtime run was; its own delays may have affected each of its timings."""

from ..timeline.events.kernel import TicksLate
from ..timeline.records import Event
from ..timeline.timeline import Timeline
from ..units import format_count, format_seconds


def late_stretches(timeline: Timeline) -> list[TicksLate]:
    """The stretches of late ticks that are still in memory, in order."""
    events = (one for one in timeline.happenings if isinstance(one, Event))
    return [event.what for event in events if isinstance(event.what, TicksLate)]


def describe_lateness(timeline: Timeline) -> str:
    """One sentence on the late ticks and their effect; empty if there were none."""
    stretches = late_stretches(timeline)
    if not stretches:
        return ""
    ticks = sum(stretch.ticks for stretch in stretches)
    worst = max(stretches, key=lambda stretch: stretch.late_s)
    late, all_ticks = format_count(ticks), format_count(timeline.scenario.ticks)
    most = f"up to {format_seconds(worst.late_s)} (from tick {format_count(worst.first_tick)} on)"
    return (
        f"{late} of {all_ticks} ticks were behind the wall clock, by {most}; "
        "a phase that began and ended within one of them is missing"
    )
