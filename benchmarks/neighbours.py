"""Processes that use the whole machine up beside the runs."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from stallsim.children.isolated import python_words

_there: list[bool] = []


def busy_cores(niceness: int = 0) -> AbstractContextManager[None]:
    """Keep every core busy until the block ends, or this thread does."""
    return neighbours("spins", niceness)


@contextmanager
def neighbours(what: str, niceness: int = 0) -> Iterator[None]:
    """One process for each core until the block ends, or this thread does; once, however deep it is
    called.
    """
    if _there:
        yield
        return
    with ExitStack() as stack:
        _there.append(True)
        stack.callback(_there.clear)
        for _ in range(os.cpu_count() or 1):
            words = python_words("benchmarks.neighbour", what, str(niceness))
            one = stack.enter_context(subprocess.Popen(words, stdout=subprocess.PIPE))
            stack.callback(one.kill)
            assert one.stdout is not None
            one.stdout.readline()
        yield
