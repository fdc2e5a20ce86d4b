"""The page itself: everything in one file, with a policy by which nothing else runs or is fetched."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from ...views.clean import clean
from ..account import Account, Section, Table
from ..differences import differences
from ..found import Found
from .data import embedded
from .fleet import fleet_drawing

_WORDS_MAX = 2_000
_DIFFERENCES_MAX = 30
_SCRIPTS = ("state", "values", "connections", "phases", "graph", "instant", "panel", "page")
"""The order of the scripts: each uses only those before it."""


def document(found: Sequence[Found]) -> str:
    """The whole file. A peer's words are always escaped as text."""
    style = _asset("uPlot.min.css") + _asset("page.css")
    library, script = _asset("uPlot.iife.min.js"), _script()
    policy = (
        f"default-src 'none'; script-src {_digest(library)} {_digest(script)}; style-src {_digest(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    title = " and ".join(one.account.title for one in found[:3])
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<link rel="icon" href="data:,">',
            f"<title>stallsim: {_text(title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            *_body(found),
            f'<script type="application/json" id="data">{embedded(found)}</script>',
            f"<script>{library}</script>",
            f"<script>{script}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _body(found: Sequence[Found]) -> Iterator[str]:
    yield '<header><b>stallsim</b> <button id="theme" type="button">Dark or light</button></header>'
    yield "<main>"
    for one in found:
        yield from _heading(one, with_name=len(found) > 1)
        if one.timeline is not None:
            yield from fleet_drawing(one.timeline)
    if len(found) > 1:
        named = differences(found) or ["no difference was recorded"]
        more = len(named) - _DIFFERENCES_MAX
        yield from _list("What differs", named[:_DIFFERENCES_MAX] + [f"and {more} more"] * (more > 0))
    yield "<noscript><p>The graphs need JavaScript; everything else is below.</p></noscript>"
    yield '<section id="graphs"></section>'
    advice = list(dict.fromkeys(words for one in found for words in one.account.advice))
    if advice:
        yield from _list("What to do", advice)
    for one in found:
        yield from _details(one, with_name=len(found) > 1)
    yield "</main>"


def _heading(found: Found, *, with_name: bool) -> Iterator[str]:
    account = found.account
    name = f"{_text(found.name)}: " if with_name else ""
    yield f"<h1>{name}{_text(account.kind)} {_text(account.title)}</h1>"
    # No outcome is green: not having been observed as bad does not make it good.
    sort = "outcome bad" if account.bad else "outcome"
    yield f'<p class="{sort}">{_text(account.outcome)}</p>'
    yield from _paragraphs(account.words)
    for table in account.tables if account.kind == "matrix" else account.tables[:1]:
        yield from _table(table)


def _details(found: Found, *, with_name: bool) -> Iterator[str]:
    account = found.account
    name = f"{_text(found.name)}: " if with_name else ""
    for section in account.evidence:
        yield from _folded(f"{name}{_text(section.title)}", _section(section))
    for table in account.tables[1:] if account.kind != "matrix" else ():
        yield from _folded(f"{name}{_text(table.title)}", _table(table, with_title=False))
    if account.checks:
        yield from _folded(f"{name}what was checked", _table(_checks(account), with_title=False))
    if account.facts:
        facts = Table("", ("what", "value"), account.facts)
        yield from _folded(f"{name}machine, settings and command", _table(facts, with_title=False))


def _checks(account: Account) -> Table:
    rows = tuple((one.name, one.status.value, one.message) for one in account.checks)
    return Table("", ("check", "came to", "why"), rows)


def _folded(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>"
    yield from lines
    yield "</details>"


def _section(section: Section) -> Iterator[str]:
    return _paragraphs(section.lines)


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    return (f"<p>{_text(line)}</p>" for line in lines)


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"<h2>{title}</h2>"
    yield f"<ul>{''.join(f'<li>{_text(line)}</li>' for line in lines)}</ul>"


def _table(table: Table, *, with_title: bool = True) -> Iterator[str]:
    yield '<div class="wide"><table>'
    if with_title:
        yield f"<caption>{_text(table.title)}</caption>"
    yield f"<thead><tr>{''.join(f'<th>{_text(cell)}</th>' for cell in table.columns)}</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody></table></div>"


def _text(words: str) -> str:
    return escape(clean(words, _WORDS_MAX))


@cache
def _asset(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8").strip()


def _script() -> str:
    parts = [_asset(f"script/{name}.js") for name in _SCRIPTS]
    return "\n".join(['"use strict";', "(() => {", *parts, "})();"])


def _digest(content: str) -> str:
    """A source for the policy: only content with this hash runs."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
