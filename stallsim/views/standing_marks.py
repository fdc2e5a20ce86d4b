"""The sign at the start of a line on what a server does with a stall, by the assessment's name."""

MARKS = {"defended": "✓", "fault": "✗", "open": "?"}
PLAIN_MARKS = {"defended": "ok", "fault": "NO", "open": "??"}
"""The marks for encodings without such signs. They are as wide as a sign and the space after it."""


def with_plain_mark(line: str) -> str:
    """The line, with the plain mark instead of the sign at its start, if there is one."""
    for standing, sign in MARKS.items():
        if line.startswith(f"{sign} "):
            return PLAIN_MARKS[standing] + line[len(sign) + 1 :]
    return line
