"""A forked child of this process: to enter another stack, or to run as the user nobody."""

import ctypes
import encodings.idna  # noqa: F401 - a look-up imports it, and nobody may not read it
import os
import sys
from collections.abc import Callable

NOBODY = 65534
_PR_SET_DUMPABLE = 4


def forked(work: Callable[[], str]) -> str:
    """What ``work`` returns in a child of this process, whom it may change for good."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        sys.settrace(None)  # coverage is told nothing by a fork
        answer = "the child died"
        try:
            answer = work()
        except BaseException as error:  # noqa: BLE001 - told to the parent, whose test it fails
            answer = repr(error)
        finally:
            os.write(writing, answer.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read().decode()
    os.waitpid(child, 0)
    return answer


def as_nobody(work: Callable[[], str]) -> str:
    """What ``work`` returns when nobody calls it.

    A fork, so that what is imported need not be readable for nobody. A child that has changed its
    user owns its own /proc only once it says that it may be dumped.
    """

    def become_and_work() -> str:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
        return work()

    return forked(become_and_work)
