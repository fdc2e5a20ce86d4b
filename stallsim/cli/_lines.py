"""Prints lines of a report or an error: wrapped on a terminal, unchanged if a program reads them."""

import shutil
import sys
from collections.abc import Iterable
from typing import TextIO


def print_lines(lines: Iterable[str], out: TextIO | None = None) -> None:
    """Print the lines on ``out`` (default: standard output). A pipe gets every line whole, as programs
    expect.
    """
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
