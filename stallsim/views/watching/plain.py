"""Writes a watch as lines: its beginning, each change of a word, and its end. Stable, for grep."""

from collections.abc import Iterator, Sequence
from typing import IO

from ...timeline.changes import Change
from ...timeline.watched import Snapshot
from ..clean import encodable, quoted

Value = int | float | str


class PlainLines:
    """Writes each line as it comes, and flushes it."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._begun = False

    def note(self, snapshot: Snapshot, changes: Sequence[Change]) -> None:
        """Write the lines of one more look."""
        if not self._begun:
            self._begun = True
            for fields in _beginning(snapshot):
                self._line(fields)
        for change in changes:
            self._line(_change(snapshot, change))

    def end(self, snapshot: Snapshot) -> None:
        """Write the verdict of the last look."""
        self._line(
            {"t": _t(snapshot), "connections": snapshot.totals.connections, "verdict": snapshot.verdict}
        )

    def _line(self, fields: dict[str, Value]) -> None:
        line = " ".join(f"{quoted(key)}={quoted(value)}" for key, value in fields.items())
        self._out.write(encodable(line, getattr(self._out, "encoding", None)) + "\n")
        self._out.flush()


def _beginning(snapshot: Snapshot) -> Iterator[dict[str, Value]]:
    for server in snapshot.servers:
        pids = ",".join(map(str, server.pids)) or "?"
        yield {
            "watch": f":{server.port}",
            "process": server.name or "?",
            "pid": pids,
            "source": snapshot.source,
        }
    for note in snapshot.notes:
        yield {"note": note}


def _change(snapshot: Snapshot, change: Change) -> dict[str, Value]:
    one = change.now
    fields: dict[str, Value] = {"t": _t(snapshot), "port": one.port, "peer": one.peer}
    if change.ended:
        return fields | {"word": "ended", "was": one.word}
    fields |= {"word": one.word, "was": change.was.value if change.was else "-"}
    fields |= {"for": f"{one.for_s or 0.0:.1f}s", "queued": one.queued_bytes}
    known = {"unsent": one.unsent_bytes, "window": one.window_bytes, "pinned": one.pinned_bytes}
    fields |= {key: value for key, value in known.items() if value is not None}
    return fields | {"why": one.why}


def _t(snapshot: Snapshot) -> str:
    return f"{snapshot.elapsed_s:.1f}s"
