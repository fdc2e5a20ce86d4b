"""Lines of a report on standard output: wrapped on a terminal, one by one where a program reads them."""

import shutil
import sys
from collections.abc import Iterable


def print_lines(lines: Iterable[str]) -> None:
    """Print them; a pipe is given every line whole, since its lines are a promise."""
    if not sys.stdout.isatty():
        for line in lines:
            print(line)
        return
    from ..views.wrapping import wrapped

    width = shutil.get_terminal_size().columns
    for line in lines:
        for part in wrapped(line, width):
            print(part)
