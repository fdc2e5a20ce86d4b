"""Makes the table of words in docs/watch.md from the very table that runs."""

from stallsim.kinds import CALM
from stallsim.named_options import for_command_line
from stallsim.watching.words import RULES


def generated() -> str:
    """The rules in the order in which they are tried, as Markdown."""
    lines = ["| # | word | when | what it means |", "|---|---|---|---|"]
    for number, rule in enumerate(RULES, start=1):
        name = f"`{rule.word.value}`" if rule.word in CALM else f"**`{rule.word.value}`**"
        lines.append(f"| {number} | {name} | {for_command_line(rule.when)} | {rule.means} |")
    return "\n".join(lines) + "\n"
