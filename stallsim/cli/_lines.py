"""Lines of a report, or of an error: wrapped on a terminal, one by one where a program reads them."""

import shutil
import sys
from collections.abc import Iterable
from typing import TextIO


def print_lines(lines: Iterable[str], out: TextIO | None = None) -> None:
    """Print them on ``out`` (standard output); a pipe gets every line whole: its lines are a promise."""
    out = out or sys.stdout
    if not out.isatty():
        for line in lines:
            print(line, file=out)
        return
    from ..views.wrapping import wrapped

    width = shutil.get_terminal_size().columns
    for line in lines:
        for part in wrapped(line, width):
            print(part, file=out)
