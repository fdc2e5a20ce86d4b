"""Draws all phases in a row; phases that were reached have the tick at which they last began."""

from ...kinds import Phase
from .frame import Row
from .moments import Moments
from .palette import BOLD, DIM, TITLE, Glyphs

_SEQUENCE = (
    Phase.FLOWING,
    Phase.RECEIVER_FILLING,
    Phase.SENDER_FILLING,
    Phase.WRITE_BLOCKED,
    Phase.USERSPACE_GROWTH,
    Phase.POLICY_ACTED,
    Phase.DRAINING,
    Phase.RECOVERED,
)
_INSIDE = frozenset({Phase.USERSPACE_GROWTH, Phase.POLICY_ACTED})
"""Phases that cannot be observed from outside."""


def strip_rows(moments: Moments, connection: int, tick: int, width: int, glyphs: Glyphs) -> list[Row]:
    """The strip in as many rows as it needs. A phase outside the usual sequence replaces a usual one."""
    reached = {event.phase: event.tick for event in moments.phases(connection, tick)}
    current = next(reversed(moments.phases(connection, tick)), None)
    sequence = [phase for phase in _SEQUENCE if not (moments.outside and phase in _INSIDE)]
    if Phase.UNACKNOWLEDGED in reached:
        sequence[1] = Phase.UNACKNOWLEDGED
    ends = [phase for phase in (Phase.RESET, Phase.TIMED_OUT) if phase in reached]
    sequence += ends or [Phase.CLOSED]
    rows: list[Row] = [[]]
    used = 0
    for place, phase in enumerate(sequence):
        inferred = "~" if moments.outside and phase is Phase.WRITE_BLOCKED else ""
        when = f" {inferred}{moments.when(reached[phase])}" if phase in reached else ""
        text = f" {phase.value}{when} "
        here = current is not None and phase is current.phase
        between = glyphs.then if place else ""
        if used + len(between) + len(text) > width and rows[-1]:
            rows.append([])
            used = 0
        if place:
            rows[-1].append((between, DIM))
        style = TITLE if here else BOLD if phase in reached else DIM
        rows[-1].append((f"{glyphs.here}{text[1:]}" if here else text, style))
        used += len(between) + len(text)
    return rows
