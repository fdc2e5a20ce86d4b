"""Markdown, to paste into an issue tracker: the summary first, what to do, then the evidence folded."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import BinaryIO

from ...views.clean import clean
from ..account import Section, Table
from ..differences import differences
from ..found import Found
from ._base import Format

_MARKUP = re.compile(r"([\\`*_|~])")
_WORDS_MAX, _ROWS_MAX, _ADVICE_MAX, _DIFFERENCES_MAX = 4, 12, 5, 5
_TABLES_MAX = 2
_SUBJECTS_MAX = 2
_SECTIONS_MAX = 8
_CELL_MAX = 1200


class Md(Format):
    """Markdown (GitHub's), with at most 60 lines before a section is unfolded."""

    other_suffixes = (".markdown",)

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        out.write(("\n".join(_lines(found)) + "\n").encode())


def _lines(found: Sequence[Found]) -> Iterator[str]:
    for number, one in enumerate(found):
        if number == _SUBJECTS_MAX and len(found) > _SUBJECTS_MAX:
            yield from _folded("The other recordings", _others(found[number:]))
            break
        yield from _summary(one, rows=_ROWS_MAX // min(len(found), _SUBJECTS_MAX))
    if len(found) > 1:
        yield "**What differs**"
        yield ""
        named = differences(found)
        yield from (f"- {_text(words)}" for words in named[:_DIFFERENCES_MAX])
        if len(named) > _DIFFERENCES_MAX:
            yield f"- and {len(named) - _DIFFERENCES_MAX} more"
        yield ""
    advice = list(dict.fromkeys(words for one in found for words in one.account.advice))
    if advice:
        yield "**What to do**"
        yield ""
        yield from (f"- {_text(words)}" for words in advice[:_ADVICE_MAX])
        yield ""
    for one in found:
        yield from _details(one, with_name=len(found) > 1)


def _others(found: Sequence[Found]) -> Iterator[str]:
    for one in found:
        yield from _summary(one, rows=_ROWS_MAX)


def _summary(found: Found, rows: int) -> Iterator[str]:
    account = found.account
    yield f"### stallsim {account.kind}: {_text(account.title)}"
    yield ""
    yield f"**{_text(account.outcome)}**"
    yield ""
    tables = account.tables[:1] if account.kind != "matrix" else account.tables[:_TABLES_MAX]
    for table in tables:
        if len(tables) > 1:
            yield f"{_text(table.title)}:"
            yield ""
        yield from _table(table, rows // len(tables) if account.kind != "matrix" else rows)
        yield ""
    for words in account.words[:_WORDS_MAX]:
        yield f"- {_text(words)}"
    if len(account.words) > _WORDS_MAX:
        yield f"- and {len(account.words) - _WORDS_MAX} more"
    yield ""


def _details(found: Found, *, with_name: bool) -> Iterator[str]:
    account = found.account
    name = f"{_title(found.name)}: " if with_name else ""
    for section in account.evidence[:_SECTIONS_MAX]:
        yield from _folded(f"{name}{_title(section.title)}", _section(section))
    for table in account.tables[1:]:
        yield from _folded(f"{name}{_title(table.title)}", _table(table, len(table.rows)))
    facts = [f"- {_text(key)}: {_text(value)}" for key, value in account.facts]
    if facts:
        yield from _folded(f"{name}machine, settings and command", facts)


def _folded(title: str, lines: Sequence[str] | Iterator[str]) -> Iterator[str]:
    """A block that unfolds; it may have any number of lines."""
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"


def _section(section: Section) -> Iterator[str]:
    return (f"- {_text(line)}" for line in section.lines)


def _table(table: Table, rows: int) -> Iterator[str]:
    yield _row([_text(cell) for cell in table.columns])
    yield _row(["---"] * len(table.columns))
    shown = table.rows if len(table.rows) <= rows else table.rows[: max(1, rows - 1)]
    for row in shown:
        yield _row([_text(cell) for cell in row])
    if len(shown) < len(table.rows):
        more = f"and {len(table.rows) - len(shown)} more"
        yield _row([more, *[""] * (len(table.columns) - 1)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(words: str) -> str:
    """The words on one line, escaped so that a server's own words cannot become markup, a mention
    or HTML.
    """
    return _MARKUP.sub(r"\\\1", _title(words)).replace("@", "@&#8203;")


def _title(words: str) -> str:
    """The words escaped for HTML, where a backslash has no meaning."""
    return escape(clean(words, _CELL_MAX), quote=False)
