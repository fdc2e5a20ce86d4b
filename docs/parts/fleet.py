"""Makes the table of parked clients in docs/fleet.md from their docstrings."""

import inspect

from stallsim.fleet.parked import PARKED


def generated() -> str:
    """A row for each kind, as Markdown."""
    lines = ["| kind | what such a client does | is to stall |", "|---|---|---|"]
    for name in PARKED.names():
        kind = PARKED.find(name)
        does = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
        lines.append(f"| `{name}` | {does} | {'yes' if kind.stalls() else 'no'} |")
    return "\n".join(lines) + "\n"
