"""Sentences about the pauses of the witness's stream in a stall, and about its stream when no client was
stalled.
"""

from collections.abc import Iterator

from ...timeline.probed.outcomes import Finding
from ...units import format_seconds, format_size
from ..judging.judgement import Judgement
from ..judging.own_pauses import explained_s, own_pause_s, pauses_in_stall
from ..observe.observation import Observation

_HARMS = frozenset({Finding.STARVES_OTHERS, Finding.FREEZES_ON_RESUME})
_SHORTEST_S = 1e-3


def pause_lines(seen: Observation, judged: Judgement) -> Iterator[str]:
    """How often the witness's stream paused in the stall, and whether it did so without a stalled client.
    Nothing if nobody was harmed and it did not pause.
    """
    found, control = pauses_in_stall(seen), seen.control
    harmed = bool(_HARMS & set(judged.findings))
    if found and (harmed or control is not None):
        begin_s, end_s = max(found, key=lambda one: one[1] - one[0])
        often = "once" if len(found) == 1 else f"{len(found)} times"
        yield (
            f"in the stall the witness's stream paused {often}; the longest pause was "
            f"{_time(end_s - begin_s)}, and began {_time(begin_s)} into the stall"
        )
    if control is not None:
        watched = f"in the {_time(control.seconds)} that were watched while every client read"
        if control.bytes_per_s is not None:
            yield f"{watched}, a client that reads everything received {format_size(control.bytes_per_s)}/s"
        if not found and Finding.FREEZES_ON_RESUME not in judged.findings:
            return
        if explained_s(seen):
            yield (
                f"{watched}, a client that reads everything received nothing for "
                f"{_time(own_pause_s(seen))}: the server pauses by itself, too"
            )
        else:
            yield f"{watched}, a client that reads everything had no such pause"
    elif found and harmed:
        yield "whether the server makes such pauses by itself, while every client reads, was not watched"


def _time(seconds: float) -> str:
    return format_seconds(max(seconds, _SHORTEST_S))
