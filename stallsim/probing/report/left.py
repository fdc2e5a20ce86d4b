"""Sentences about the server's memory after a client has gone that never reads again."""

from collections.abc import Iterator

from ...timeline.probed.outcomes import Finding
from ...units import format_seconds, format_size
from ..judging.judgement import Judgement
from ..observe.observation import Observation
from ..spec import TIMEOUT_S
from ..trial.leak_watch import USUAL_WATCH_MAX_S

_SHORTEST_S = 1e-3
_RESUMES = (
    "a server that keeps the messages of a client that has gone, so that it can resume, looks the same "
    "until its time for that is over: a longer `watch=` shows it"
)


def left_lines(seen: Observation, judged: Judgement) -> Iterator[str]:
    """How memory changed after the client's end, and for how long that was watched; nothing if unknown."""
    growth = seen.record.growth_after_close_per_s
    if growth is None:
        return
    watched_s = seen.record.gone_s
    leaks = Finding.LEAKS_AFTER_CLOSE in judged.findings
    if watched_s > USUAL_WATCH_MAX_S and not leaks:
        yield (
            "after the client's end the server's memory grew for some time, and no more when the watch "
            f"ended, {_time(watched_s)} after that end"
        )
        return
    yield left_words(growth, watched_s, leaks=leaks)
    if leaks and watched_s < TIMEOUT_S:
        yield _RESUMES


def left_words(growth_per_s: float, watched_s: float | None, *, leaks: bool) -> str:
    """The growth of memory in one sentence that claims no more than the seconds that were watched."""
    grew = f"grew by {format_size(growth_per_s)}/s"
    if leaks:
        grew = f"went on growing, by {format_size(growth_per_s)}/s"
    watched = f", in the {_time(watched_s)} that were watched" if watched_s else ""
    return f"after the client's end the server's memory {grew}{watched}"


def _time(seconds: float) -> str:
    return format_seconds(max(seconds, _SHORTEST_S))
