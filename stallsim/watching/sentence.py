"""The verdict of one look in one sentence. Pure: it states no more than the figures beside it."""

from collections.abc import Sequence

from ..kinds import Word
from ..timeline.watched import Process, Siblings, Totals, WatchedConnection
from ..units import format_count, format_seconds, format_size

_CLAIMS = (
    (Word.STALLED, "stopped reading"),
    (Word.SHUT_THEN_GONE, "stopped reading and then vanished"),
    (Word.UNACKNOWLEDGED, "vanished (nothing that is sent is acknowledged)"),
    (Word.ORPHAN, "been closed by the server with bytes still queued in the kernel"),
)
_MAY_BE = (
    (Word.SERVER_NOT_READING, "the server leaves bytes of {} unread"),
    (Word.PERSIST, "{} may have stopped reading (this source cannot show it)"),
    (Word.WINDOW_SHUT, "the window of {} is shut, for too short a time to know more"),
    (Word.SLOW_READER, "{} read{s} slowly"),
    (Word.FALLING_BEHIND, "{} fall{s} behind"),
)


def sentence(
    totals: Totals,
    worst: Sequence[WatchedConnection],
    siblings: Sequence[Siblings],
    process: Process | None,
) -> str:
    """The verdict. ``worst`` holds every listed connection in trouble, the worst first."""
    count, words = totals.connections, totals.words
    if not count:
        return "no client is connected"
    whole = _clients(count)
    parts = [
        f"{format_count(words[word.value])} of {whole} ha{'s' if words[word.value] == 1 else 've'} {claim}"
        for word, claim in _CLAIMS
        if words[word.value]
    ]
    stalled = [one for one in worst if one.word == Word.STALLED.value]
    if stalled:
        parts[0] += _oldest(stalled)
    parts += [_may_be(text, words[word.value]) for word, text in _MAY_BE if words[word.value]]
    if not parts:
        return _calm(totals, whole)
    if totals.pinned_bytes:
        parts.append(f"{format_size(totals.pinned_bytes)} of kernel memory is pinned")
    parts += _due(stalled, siblings)
    parts += _growth(process)
    return "; ".join(parts)


def _clients(count: int) -> str:
    return f"{format_count(count)} client{'' if count == 1 else 's'}"


def _may_be(text: str, count: int) -> str:
    return text.format(_clients(count), s="s" if count == 1 else "")


def _calm(totals: Totals, whole: str) -> str:
    if totals.words[Word.NEW.value] == totals.connections:
        return f"{whole}, read once: it is too early to know"
    idle = totals.words[Word.IDLE.value] + totals.words[Word.NOTHING_WAITS.value]
    if totals.connections == 1:
        alone = "is idle: nothing is sent to it, and a dead peer looks the same"
        return f"the one client {alone if idle else 'has not stopped reading'}"
    if not idle:
        return f"none of {whole} has stopped reading"
    idle_words = f"{format_count(idle)} {'is' if idle == 1 else 'are'} idle"
    about = "nothing is sent to it" if idle == 1 else "nothing is sent to them"
    return (
        f"none of {whole} is seen to have stopped reading; {idle_words} ({about}: a dead peer "
        "looks the same)"
    )


def _oldest(stalled: Sequence[WatchedConnection]) -> str:
    longest = max(stalled, key=lambda one: one.for_s or 0.0)
    least = "at least " if longest.at_least else ""
    return f", {'the oldest ' if len(stalled) > 1 else ''}for {least}{format_seconds(longest.for_s or 0.0)}"


def _due(stalled: Sequence[WatchedConnection], siblings: Sequence[Siblings]) -> list[str]:
    """The estimate of the bytes that the stalled clients were due, with the assumption on which it
    rests.
    """
    due = sum(one.due_bytes or 0 for one in stalled)
    rates = [one for one in siblings if any(each.port == one.port for each in stalled)]
    if not due or not rates:
        return []
    rate = max(one.median_rate for one in rates)
    whom = "it" if len(stalled) == 1 else "them"
    meant = f"so up to ~{format_size(due)} was due to {whom}"
    assumed = "(estimate: if all clients have always been due the same bytes)"
    whose = "its" if len(stalled) == 1 else "their"
    return [f"{whose} siblings receive {format_size(rate)}/s, {meant} {assumed}"]


def _growth(process: Process | None) -> list[str]:
    if process is None or process.slope is None or process.ends_s is None:
        return []
    why = {
        "kept": ", as if all of that were kept",
        "neither": ", which the bytes due to them do not explain",
    }.get(process.fits, "")
    end = f"this machine would run out of memory in about {format_seconds(process.ends_s)}"
    return [f"the process grows by {format_size(process.slope)}/s{why}: {end}"]
