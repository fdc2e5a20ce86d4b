"""Draws the table of words in docs/watch.md from the very table that runs.

python docs/make_watch.py rewrites the page's generated part; a test holds the two together.
"""

from pathlib import Path

from stallsim.kinds import CALM
from stallsim.named_options import for_command_line
from stallsim.watching.words import RULES

PAGE = Path(__file__).with_name("watch.md")
BEGIN, END = "<!-- generated: begin -->\n", "<!-- generated: end -->\n"


def generated() -> str:
    """The rules in the order in which they are tried, as Markdown."""
    lines = ["| # | word | when | what it means |", "|---|---|---|---|"]
    for number, rule in enumerate(RULES, start=1):
        name = f"`{rule.word.value}`" if rule.word in CALM else f"**`{rule.word.value}`**"
        lines.append(f"| {number} | {name} | {for_command_line(rule.when)} | {rule.means} |")
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The page with its generated part made anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return head + BEGIN + generated() + END + tail


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
