"""The account of a watch: the state of a live server's connections at the last look."""

from ...kinds import TROUBLE
from ...timeline.timeline import Timeline
from ...timeline.watched import Snapshot, WatchedConnection
from ...units import format_count, format_seconds, format_size
from ..account import Account, Check, CheckStatus, Section, Table
from .machine import machine_facts

_TROUBLE = tuple(word.value for word in TROUBLE)
_ROWS_MAX = 50


def account_of_watch(timeline: Timeline) -> Account:
    """The account of a watch; nearly empty if the recording contains no complete look."""
    header = timeline.header
    title = header.watch.target if header is not None and header.watch is not None else "a live server"
    facts = tuple(machine_facts(header)) if header is not None else ()
    if not timeline.looks:
        words = ("the watch was interrupted before its first look was complete",)
        check = Check(title, CheckStatus.NOT_KNOWN, words[0])
        return Account("watch", title, "none", False, words, (), (), (), facts, (check,), 0.0)
    first, last = timeline.looks[0].snapshot, timeline.looks[-1].snapshot
    troubled = {word: count for word, count in last.totals.words.items() if count and word in _TROUBLE}
    return Account(
        kind="watch",
        title=title,
        outcome=", ".join(f"{count} {word}" for word, count in troubled.items()) or "no client in trouble",
        bad=bool(troubled),
        words=(last.verdict,),
        tables=(_words(timeline), _connections(last)),
        advice=last.remedies,
        evidence=tuple(Section(one.peer, (one.why,)) for one in last.connections if one.word in _TROUBLE),
        facts=(
            ("source", last.source),
            ("looks", f"{last.look} in {format_seconds(max(0.001, last.elapsed_s))}"),
            *(("note", note) for note in last.notes),
            *facts,
        ),
        checks=(_check(title, last),),
        seconds=last.elapsed_s - first.elapsed_s,
    )


def _words(timeline: Timeline) -> Table:
    """For each word, the most connections that had it at any look, and the number at the last look."""
    last = timeline.looks[-1].snapshot
    rows = tuple(
        (
            word,
            format_count(most),
            format_count(count),
        )
        for word, count in last.totals.words.items()
        if (most := max(one.snapshot.totals.words.get(word, 0) for one in timeline.looks))
    )
    return Table("connections by word", ("word", "at most", "at the end"), rows)


def _connections(last: Snapshot) -> Table:
    columns = ("peer", "word", "for", "unsent", "window", "kernel memory")
    return Table("connections at the end", columns, tuple(map(_row, last.connections[:_ROWS_MAX])))


def _row(one: WatchedConnection) -> tuple[str, ...]:
    sizes = (one.unsent_bytes, one.window_bytes, one.pinned_bytes)
    lasted = "" if one.for_s is None else format_seconds(max(0.001, one.for_s))
    least = "at least " if one.at_least else ""
    return (
        one.peer,
        one.word,
        f"{least}{lasted}",
        *("?" if one is None else format_size(one) for one in sizes),
    )


def _check(title: str, last: Snapshot) -> Check:
    stalled = last.totals.words.get("stalled", 0)
    status = (
        CheckStatus.FAILED
        if stalled
        else CheckStatus.PASSED
        if last.totals.connections
        else CheckStatus.NOT_KNOWN
    )
    return Check(f"{title}: no client has stopped reading", status, last.verdict)
