"""Draws the table of parked clients in docs/fleet.md from their docstrings.

python docs/make_fleet.py rewrites the page's generated part; a test holds the two together.
"""

import inspect
from pathlib import Path

from stallsim.fleet.parked import PARKED

PAGE = Path(__file__).with_name("fleet.md")
BEGIN, END = "<!-- generated: begin -->\n", "<!-- generated: end -->\n"


def generated() -> str:
    """A row for each kind, as Markdown."""
    lines = ["| kind | what such a client does | is to stall |", "|---|---|---|"]
    for name in PARKED.names():
        kind = PARKED.find(name)
        does = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
        lines.append(f"| `{name}` | {does} | {'yes' if kind.stalls() else 'no'} |")
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The page with its generated part made anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return head + BEGIN + generated() + END + tail


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
