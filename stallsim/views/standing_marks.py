"""The sign that begins a line on what a server does with a stall, by the assessment's name."""

MARKS = {"defended": "✓", "fault": "✗", "open": "?"}
PLAIN_MARKS = {"defended": "ok", "fault": "NO", "open": "??"}
"""Where the encoding has no such signs. They are as wide as a sign and the blank behind it."""


def with_plain_mark(line: str) -> str:
    """The line, with the plain mark where it begins with a sign."""
    for standing, sign in MARKS.items():
        if line.startswith(f"{sign} "):
            return PLAIN_MARKS[standing] + line[len(sign) + 1 :]
    return line
