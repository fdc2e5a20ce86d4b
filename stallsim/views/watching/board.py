"""The dashboard of a watch: the verdict, the totals, the connections, and one connection over time.

A frame is a pure function of the looks up to one of them, the viewer's choices, width and height.
"""

import textwrap
from collections.abc import Sequence

from rich.style import Style

from ...kinds import CALM, Word
from ...timeline.watched import Snapshot, WatchedConnection
from ...units import format_count
from ..clean import clean
from ..drawing.controls import Controls, Press
from ..drawing.frame import Frame, Row, heading, row_width, spread
from ..drawing.palette import BAD, BOLD, DIM, GOOD, PLAIN, TITLE, UNICODE, Glyphs
from .cells import PEER_CELLS_MIN, fitting, peer_cell, watch_cell
from .choices import EVERYBODY, Choices
from .details import detail_rows
from .table import memory_words, server_words, sibling_words, totals_words

_CALM = frozenset(word.value for word in CALM)
_BAD = frozenset(
    word.value for word in (Word.STALLED, Word.SHUT_THEN_GONE, Word.UNACKNOWLEDGED, Word.ORPHAN)
)
_DETAILS_ROWS = 14
_ROWS_MIN = 4
_VERDICT_ROWS = 4
_HELP = (
    ("space", "freeze, and continue; in a recording: pause, and continue"),
    ("tab, up, down", "choose another connection"),
    ("enter, d", "the chosen connection's readings, and its queues over time"),
    ("s", "sort by another figure"),
    ("f", "show all, those in trouble, or those with one word"),
    ("?", "show this page, and leave it"),
    ("q", "quit"),
    ("ctrl-z", "suspend this program; fg resumes it"),
)
_HELP_CELLS = 16


class Board:
    """Draws looks, whose number may still grow; ``choices`` change with keys."""

    def __init__(self, looks: Sequence[Snapshot]) -> None:
        self.looks = looks
        """All looks so far; the list may be replaced."""
        self.choices = Choices()
        self.shown: Snapshot | None = None
        """The look that was drawn last, to which keys refer."""

    @property
    def state(self) -> object:
        return len(self.looks), self.looks[-1].look if self.looks else 0, self.choices

    def press(self, key: Press) -> bool:
        """Act on a key; return whether it has a meaning here."""
        choices = self.choices.press(key, self.shown)
        if choices is None:
            return False
        self.choices = choices
        return True

    def frame(
        self, tick: int, controls: Controls, width: int, height: int, glyphs: Glyphs = UNICODE
    ) -> Frame:
        """The picture of look number ``tick``, counted from 0."""
        width, height = max(1, width), max(1, height)
        if controls.help:
            return Frame(_help(width, glyphs), width, height, glyphs, controls.theme)
        if not self.looks:
            return Frame([[(" the first look is under way", DIM)]], width, height, glyphs, controls.theme)
        tick = min(max(0, tick), len(self.looks) - 1)
        snapshot = self.shown = self.looks[tick]
        top = [_title(snapshot, width, glyphs), *_verdict(snapshot, width)]
        top += _figures(snapshot, width)[: max(0, height - len(top) - _ROWS_MIN - 2)]
        foot = [_keys(controls, self.choices, width, glyphs)]
        room = height - len(top) - len(foot)
        rows = self.choices.rows(snapshot)
        below: list[Row] = []
        if self.choices.details and rows and room > _ROWS_MIN + 2:
            chosen = rows[self.choices.place(rows)]
            most = min(_DETAILS_ROWS, room - _ROWS_MIN)
            below = detail_rows(chosen, self.looks[: tick + 1], width, most, glyphs)
        middle = self._table(snapshot, rows, width, room - len(below), glyphs)
        middle += [[]] * (room - len(below) - len(middle))
        return Frame([*top, *middle, *below, *foot], width, height, glyphs, controls.theme)

    def _table(
        self, snapshot: Snapshot, rows: list[WatchedConnection], width: int, height: int, glyphs: Glyphs
    ) -> list[Row]:
        """A heading, and as many connections as fit around the chosen one; the others are counted."""
        peer = min(40, max(PEER_CELLS_MIN, 2 + max((len(one.peer) for one in rows), default=0) + 1))
        columns = fitting(width, peer)
        head = f"{'  peer':<{peer}}" + "".join(watch_cell(column.name, column) for column in columns)
        drawn: list[Row] = [heading(head, width, glyphs)]
        others = snapshot.totals.connections - len(rows)
        room = max(1, height - 1)
        if others or len(rows) > room:
            room = max(1, room - 1)
        place = self.choices.place(rows)
        start = max(0, min(place - room // 2, len(rows) - room))
        for number, one in enumerate(rows[start : start + room], start=start):
            here = number == place
            style = BOLD if here else PLAIN
            row: Row = [(f"{glyphs.here if here else ' '} ", BOLD), (peer_cell(one, peer - 2), style)]
            for column in columns:
                text = watch_cell(column.text(one), column)
                row.append((text, _word_style(one.word) if column.name == "word" else style))
            drawn.append(row)
        left = snapshot.totals.connections - min(room, len(rows) - start)
        if left > 0 and len(drawn) < height:
            only = "" if self.choices.only == EVERYBODY else f" (shown: {self.choices.only})"
            drawn.append([(f"  {format_count(left)} more{only}", DIM)])
        return drawn[: max(0, height)]


def _help(width: int, glyphs: Glyphs) -> list[Row]:
    rows: list[Row] = [heading("  keys", width, glyphs), []]
    return rows + [[(f"  {keys:<{_HELP_CELLS}}", BOLD), (words, PLAIN)] for keys, words in _HELP]


def _title(snapshot: Snapshot, width: int, glyphs: Glyphs) -> Row:
    servers = ", ".join(server_words(snapshot, place) for place in range(len(snapshot.servers)))
    right = f"look {snapshot.look}  {snapshot.elapsed_s:.0f} s "
    left = f" watch {servers}"
    room = width - len(right) - 1
    left = left if len(left) <= room else left[: max(0, room - 1)] + glyphs.cut
    return [(f"{left:<{max(0, width - len(right))}}{right}", TITLE)]


def _verdict(snapshot: Snapshot, width: int) -> list[Row]:
    words = snapshot.totals.words
    style = BAD if any(words[word] for word in _BAD) else BOLD
    lines = textwrap.wrap(clean(snapshot.verdict), max(10, width - 2))
    return [[(f" {line}", style)] for line in lines[:_VERDICT_ROWS]]


def _figures(snapshot: Snapshot, width: int) -> list[Row]:
    """Totals, memory, siblings, source and notes, the most important first, since the last ones may be left
    out.
    """
    texts = [totals_words(snapshot)]
    if snapshot.process is not None:
        texts.append(f"memory {memory_words(snapshot.process)}")
    texts += sibling_words(snapshot)[:2]
    source = f"source {snapshot.source}; read in {snapshot.took_ms:.1f} ms"
    quiet = [source, *(f"note: {note}" for note in snapshot.notes)]
    rows: list[Row] = []
    for text, style in [*((one, PLAIN) for one in texts), *((one, DIM) for one in quiet)]:
        rows += [[(f" {line}", style)] for line in textwrap.wrap(clean(text), max(10, width - 2))]
    return rows


def _word_style(word: str) -> Style:
    return BAD if word in _BAD else PLAIN if word in _CALM else BOLD


def _keys(controls: Controls, choices: Choices, width: int, glyphs: Glyphs) -> Row:
    state = f"{glyphs.paused} frozen" if controls.paused else f"{glyphs.playing} live"
    if not controls.live:
        state = f"{glyphs.paused} paused" if controls.paused else f"{glyphs.playing} playing"
        state += f" {glyphs.times}{controls.speed:g}"
    state = f"by {choices.order}  {state}"
    actions = [
        ("space", "freeze" if controls.live else "pause"),
        ("tab", "next"), ("enter", "details"), ("s", "sort"), ("f", "filter"), ("?", "keys"), ("q", "quit"),
    ]  # fmt: skip

    def shown() -> Row:
        spans = [((f" {key}", BOLD), (f" {meaning} ", DIM)) for key, meaning in actions]
        return [span for pair in spans for span in pair]

    while len(actions) > 1 and row_width(shown()) + len(state) + 2 > width:
        del actions[-2]  # the last action, quitting, is never left out
    return spread(shown() if controls.keys else [], [(f"{state} ", GOOD if controls.live else BOLD)], width)
