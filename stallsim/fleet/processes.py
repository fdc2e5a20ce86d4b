"""Starting the processes that hold clients, and ending them: as copies of one, each with two pipes."""

import os
import subprocess

from ..children.isolated import python_words

_MODULE = "stallsim.fleet.holding"


def start_holding(count: int) -> tuple[subprocess.Popen[bytes], list[tuple[int, int]]]:
    """The process of which they are copies, and of each where its orders are written, its tallies read.

    Called in a thread that lives on: they end when it does.
    """
    orders, tallies = [os.pipe() for _ in range(count)], [os.pipe() for _ in range(count)]
    given = [(reads, writes) for (reads, _), (_, writes) in zip(orders, tallies, strict=True)]
    try:
        parent = subprocess.Popen(
            python_words(_MODULE, *(f"{reads},{writes}" for reads, writes in given)),
            stdin=subprocess.DEVNULL,
            pass_fds=[end for pair in given for end in pair],
        )
    finally:
        for end in (end for pair in given for end in pair):
            os.close(end)
    ours = zip(orders, tallies, strict=True)
    return parent, [(writes, reads) for (_, writes), (reads, _) in ours]
